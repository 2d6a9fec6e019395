//! Pointers: where a program keeps one, and how it reads it back.

use super::Writer;
use super::place::Place;

/// A pointer that is kept somewhere.
#[derive(Debug)]
pub(super) struct Held {
    /// Statements that keep it; empty if it is kept from the beginning.
    pub(super) keep: String,
    /// The pointer, of type `char *`, in code that has `u32 x`.
    pub(super) pointer: String,
}

impl Writer<'_> {
    /// A pointer to a place, by way of another address of its object.
    pub(super) fn pointer(&mut self, place: &Place) -> Held {
        let Place { object, offset, .. } = place;
        let (anchor, distance) = match self.below(7) {
            0 => (format!("(char *)&{object}"), offset.clone()),
            1 => (
                format!("((char *)&{object} + sizeof {object})"),
                format!("({offset} - (int)sizeof {object})"),
            ),
            2 | 3 => {
                let near = self.sibling(place);
                (format!("(char *)&{}", near.lvalue), format!("({offset} - {})", near.offset))
            }
            4 if ["o0", "o1", "fixed"].contains(object) => (
                format!("(char *)&{object}.link"),
                format!("({offset} - (int)__builtin_offsetof(struct object, link))"),
            ),
            _ => (format!("(char *)&{}", place.lvalue), "0".to_owned()),
        };
        let Held { keep, pointer } = self.held(&anchor);
        // A distance that is not a constant is never negative: what goes down by a distance from memory is not followed.
        let pointer = match self.below(4) {
            0 if &distance == offset => {
                let by = self.name("by");
                self.text += &format!("volatile int {by} = {distance};\n");
                format!("({pointer} + {by})")
            }
            1 if &distance == offset => {
                let table = self.name("distances");
                self.text += &format!(
                    "const short {table}[4] = {{ {distance}, {distance}, {distance}, {distance} }};\n"
                );
                format!("({pointer} + {table}[x & 3])")
            }
            _ => format!("({pointer} + ({distance}))"),
        };
        Held { keep, pointer }
    }

    /// Keeps an address, which is a constant.
    fn held(&mut self, address: &str) -> Held {
        let name = self.name("p");
        let (definition, keep, pointer) = match self.below(22) {
            0 => (format!("char *{name} = {address};"), String::new(), name),
            1 => (format!("char *{name};"), format!("{name} = {address};"), name),
            2 => (
                format!("char *{name}[4] = {{ {address}, {address}, {address}, {address} }};"),
                String::new(),
                format!("{name}[x & 3]"),
            ),
            3 => (
                format!(
                    "struct __attribute__((packed)) {{ char c; char *p; }} {name} = {{ 1, {address} }};"
                ),
                String::new(),
                format!("{name}.p"),
            ),
            4 => (
                format!(
                    "struct __attribute__((packed)) {{ char c; char *p; }} {name}[2] = {{ {{ 1 }} }};"
                ),
                format!("{name}[1].p = {address};"),
                format!("{name}[1].p"),
            ),
            5 => (
                format!("int {name};"),
                format!("{name} = {address} - (char *)&{name};"),
                format!("((char *)&{name} + {name})"),
            ),
            6 => (
                format!("u32 {name};"),
                format!("{name} = (u32)({address}) ^ (u32)&sink;"),
                format!("((char *)({name} ^ (u32)&sink))"),
            ),
            7 => (
                format!("u32 {name}; u32 {name}k = 0x5a5a;"),
                format!("{name} = (u32)({address}) ^ {name}k;"),
                format!("((char *)({name} ^ {name}k))"),
            ),
            8 => (
                format!("u16 {name}[2];"),
                format!("{name}[0] = (u16)(u32)({address}); {name}[1] = (u32)({address}) >> 16;"),
                format!("((char *)({name}[0] | (u32){name}[1] << 16))"),
            ),
            9 => (
                format!("u8 {name}[5] = {{ 1 }};"),
                format!("for (u32 i = 0; i < 4; i++) {name}[i + 1] = (u32)({address}) >> 8 * i;"),
                format!(
                    "((char *)({name}[1] | {name}[2] << 8 | {name}[3] << 16 | {name}[4] << 24))"
                ),
            ),
            10 => (
                format!("u32 {name};"),
                format!("{name} = (u32)({address}) | 1;"),
                format!("((char *)({name} & ~3u))"),
            ),
            11 => (
                format!("u64 {name};"),
                format!("{name} = (u64)(u32)({address}) << 32 | 5;"),
                format!("((char *)(u32)({name} >> 32))"),
            ),
            12 => (
                format!("u64 {name};"),
                format!("{name} = (u64)0x7ff8 << 48 | (u32)({address});"),
                format!("((char *)(u32){name})"),
            ),
            13 => (
                format!("u32 {name};"),
                format!("{name} = (u32)({address}) >> 1;"),
                format!("((char *)({name} << 1))"),
            ),
            14 => (
                format!("u32 {name};"),
                format!("{name} = (u32)({address}) * 3;"),
                format!("((char *)({name} / 3))"),
            ),
            15 => (
                format!("FAR char *{name}(u32 x) {{ sink++; return x > 100 ? text : {address}; }}"),
                String::new(),
                format!("{name}(x)"),
            ),
            16 => (
                format!("char *{name}a = {address}; char **{name} = &{name}a;"),
                String::new(),
                format!("(*{name})"),
            ),
            17 => (
                format!(
                    "struct {{ char *a, *b; u32 c; }} {name}, {name}k = {{ text, {address}, 3 }};"
                ),
                format!("{name} = {name}k;"),
                format!("{name}.b"),
            ),
            18 => (
                format!(
                    "char *{name}; FAR void {name}s(char *p, u32 x) {{ if (x) {{ {name}s(p, x - 1); sink++; }} else {name} = p; }}"
                ),
                format!("{name}s({address}, x & 3);"),
                name,
            ),
            19 => (
                format!(
                    "u32 {name} = 64; char *{name}l; FAR char *{name}a(u32 n) {{ {name} -= n; return room + {name}; }}"
                ),
                format!(
                    "if ({name} >= 24) {{ {name}l = {name}a(8); *(char **){name}l = {address}; }}"
                ),
                format!("(*(char **){name}l)"),
            ),
            20 => (
                format!(
                    "char *{name} = text; FAR char *{name}m(char *p, u32 x) {{ sink += x; return p; }}"
                ),
                format!("{name} = {name}m({address}, x);"),
                name,
            ),
            _ => (
                format!(
                    "const struct {{ u32 k; char *p; }} {name}[3] = {{ {{ 0, text }}, {{ 1, {address} }}, {{ 2, {address} }} }};"
                ),
                String::new(),
                format!("{name}[1 + (x & 1)].p"),
            ),
        };
        self.text += &definition;
        self.text += "\n";
        Held { keep, pointer }
    }
}
