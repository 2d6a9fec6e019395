//! Variables of a program: members of objects, elements of arrays, scalars.

use super::Writer;

/// An `int` in an object.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The variable.
    pub(super) lvalue: String,
    /// Its object, of which `&` is the address.
    pub(super) object: &'static str,
    /// Its distance from the beginning of the object, in bytes.
    pub(super) offset: String,
}

const STRUCTS: [&str; 4] = ["o0", "o1", "many", "fixed"];
const ARRAYS: [&str; 2] = ["a0", "a1"];
const SCALARS: [&str; 3] = ["s0", "s1", "s2"];

impl Writer<'_> {
    /// Defines the objects, in an order of the seed.
    pub(super) fn objects(&mut self) {
        let mut members =
            ["int first;", "int array[4];", "struct node link;", "int last;", "char small[6];"];
        self.shuffle(&mut members);
        let members = members.concat();
        self.text +=
            &format!("struct node {{ struct node *next; }};\nstruct object {{ {members} }};\n");
        let mut objects = [
            "struct object o0;",
            "struct object o1 = { .link = { &o0.link } };",
            "struct object many[3];",
            "struct object fixed = { .small = { 1, 2 } };",
            "int a0[6];",
            "int a1[5] = { 0, 7, 0, 7, 0 };",
            "int s0;",
            "int s1;",
            "int s2 = 0;",
            "char text[23] = \"some bytes in between\";",
            "short odd[3] = { 0, 1, 2 };",
            "char room[64];",
        ];
        self.shuffle(&mut objects);
        self.text += "extern struct object o0;\n";
        for object in objects {
            self.text += object;
            self.text += "\n";
        }
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            let with = self.below(end as u64 + 1) as usize;
            list.swap(end, with);
        }
    }

    /// Any place.
    pub(super) fn place(&mut self) -> Place {
        match self.below(10) {
            0..6 => {
                let object = STRUCTS[self.below(4) as usize];
                self.member(object)
            }
            6 | 7 => {
                let object = ARRAYS[self.below(2) as usize];
                self.member(object)
            }
            _ => {
                let object = SCALARS[self.below(3) as usize];
                self.member(object)
            }
        }
    }

    /// A place in the same object.
    pub(super) fn sibling(&mut self, place: &Place) -> Place {
        self.member(place.object)
    }

    fn member(&mut self, object: &'static str) -> Place {
        if SCALARS.contains(&object) {
            return Place { lvalue: object.to_owned(), object, offset: "0".to_owned() };
        }
        if ARRAYS.contains(&object) {
            let index = 2 * self.below(3).min(2);
            let lvalue = format!("{object}[{index}]");
            return Place { lvalue, object, offset: format!("{}", 4 * index) };
        }
        let member = match self.below(4) {
            0 => "first".to_owned(),
            1 => "last".to_owned(),
            _ => format!("array[{}]", self.below(4)),
        };
        let within = format!("__builtin_offsetof(struct object, {member})");
        if object == "many" {
            let index = self.below(3);
            let offset = format!("({index} * sizeof(struct object) + {within})");
            return Place { lvalue: format!("many[{index}].{member}"), object, offset };
        }
        Place { lvalue: format!("{object}.{member}"), object, offset: within }
    }
}
