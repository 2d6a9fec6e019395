//! Writes through a pointer, in functions that are easy or hard to follow.

use super::Writer;
use super::place::Place;
use super::pointer::Held;

impl Writer<'_> {
    /// A statement that clears a place, in code that has `u32 x`.
    pub(super) fn clearing(&mut self, place: &Place) -> String {
        let Held { keep, pointer } = self.pointer(place);
        let keep = match self.random.percent(50) || keep.is_empty() {
            true => keep,
            false => {
                let keeper = self.name("keep");
                self.text += &format!("FAR void {keeper}(u32 x) {{ {keep} sink++; }}\n");
                format!("{keeper}(x);")
            }
        };
        let write = self.write();
        format!("{keep} {}", self.far(&pointer, &write))
    }

    /// Statements that clear the `int` at `char *p`.
    fn write(&mut self) -> String {
        match self.below(9) {
            0..3 => "*(int *)p = 0;".to_owned(),
            3 => "p[0] = 0; p[1] = 0; p[2] = 0; p[3] = 0;".to_owned(),
            4 => {
                "for (u32 i = 0; i < (x & 3) + 1; i++) p[i] = 0; *(short *)(p + 2) = 0;".to_owned()
            }
            5 => "char *q = p + 4; while (q != p) *--q = 0;".to_owned(),
            6 => "__builtin_memset(p, 0, 4);".to_owned(),
            7 => "u32 none[2] = { 0, x }; __builtin_memcpy(p, none, 4);".to_owned(),
            _ => "__atomic_store_n((int *)p, 0, __ATOMIC_SEQ_CST);".to_owned(),
        }
    }

    /// A call that makes a write, with the pointer or to where it finds it.
    fn far(&mut self, pointer: &str, write: &str) -> String {
        let name = self.name("w");
        match self.below(7) {
            0 => {
                self.text += &format!("FAR void {name}(char *p, u32 x) {{ {write} sink++; }}\n");
                format!("{name}({pointer}, x);")
            }
            1 => {
                self.text += &format!(
                    "FAR void {name}(char *p, u32 n, u32 x) {{ if (n) {{ {name}(p, n - 1, x); sink++; return; }} {write} }}\n"
                );
                format!("{name}({pointer}, x & 7, x);")
            }
            2 | 3 => {
                self.text += &format!(
                    "FAR void {name}(u32 n, u32 x) {{ if (n) {{ {name}(n - 1, x); sink++; return; }} char *p = {pointer}; {write} }}\n"
                );
                format!("{name}(x & 7, x);")
            }
            4 => {
                self.text += &format!(
                    "FAR void {name}f(char *p, u32 x) {{ {write} }} void (*{name})(char *, u32) = {name}f;\n"
                );
                format!("{name}({pointer}, x);")
            }
            5 => {
                self.text += &format!(
                    "FAR void {name}(char **list, u32 n, u32 x) {{ if (n > 1) {{ {name}(list, n - 1, x); sink++; return; }} char *p = list[n]; {write} }}\n"
                );
                format!(
                    "char *list[3] = {{ text, {pointer}, {pointer} }}; {name}(list, 1 + (x & 3), x);"
                )
            }
            _ => format!("{{ char *p = {pointer}; {write} }}"),
        }
    }
}
