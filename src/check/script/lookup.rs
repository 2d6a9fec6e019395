//! Finds exports and imports by the names that users write.

use std::collections::BTreeSet;

use super::wanted::Wanted;
use crate::component::world::WorldFunction;
use crate::config::diagnostic::Diagnostic;
use crate::config::nearest::nearest;
use crate::config::text::SpannedText;
use crate::location::ExportName;

/// The most names to list.
const LISTED: usize = 8;

/// The functions with a name.
#[derive(Debug)]
pub(super) enum Found<'c> {
    None,
    One(&'c WorldFunction),
    Several(Vec<&'c WorldFunction>),
}

/// The functions with a name: the full name with or without the interface's version, or else the interface's short name
/// and the function's, or the function's name alone.
pub(super) fn function<'c>(name: &str, functions: &'c [WorldFunction]) -> Found<'c> {
    let by = |fits: &dyn Fn(&ExportName) -> bool| -> Vec<&'c WorldFunction> {
        functions.iter().filter(|it| fits(&it.name)).collect()
    };
    let mut found = by(&|it| it.as_str() == name);
    if found.is_empty() {
        found = by(&|it| it.unversioned() == name);
    }
    if found.is_empty() {
        found =
            by(&|it| short(it) == name || it.function() == name || plain(it.function()) == name);
    }
    match found.as_slice() {
        [] => Found::None,
        [one] => Found::One(one),
        _ => Found::Several(found),
    }
}

/// `iface#func` of `ns:pkg/iface@1.0.0#func`.
fn short(name: &ExportName) -> String {
    match name.interface() {
        Some(interface) => {
            let last = interface.rsplit('/').next().unwrap_or(interface);
            format!("{last}#{}", name.function())
        }
        None => name.function().to_owned(),
    }
}

/// `counter.get` of `[method]counter.get`.
fn plain(function: &str) -> &str {
    let rest = function.strip_prefix('[').and_then(|it| it.split_once(']'));
    rest.map_or(function, |(_, rest)| rest)
}

impl<'c> Found<'c> {
    /// The only function, or a diagnostic for `written`.
    pub(super) fn one<'n>(
        self,
        written: &SpannedText,
        wanted: Wanted,
        all: impl Iterator<Item = &'n ExportName>,
    ) -> Result<&'c WorldFunction, Box<Diagnostic>> {
        let name = &written.text;
        let (message, help) = match self {
            Found::One(function) => return Ok(function),
            Found::None => {
                let all: BTreeSet<_> = all.map(ToString::to_string).collect();
                (format!("there is no {} `{name}`", wanted.noun()), suggestion(name, &all, wanted))
            }
            Found::Several(functions) => {
                let names = functions.iter().map(|it| it.name.as_str());
                (
                    format!("several {}s are called `{name}`", wanted.noun()),
                    listed("write one of", names),
                )
            }
        };
        let (code, span) = (wanted.code(), written.span.clone());
        Err(Box::new(Diagnostic { code, span, message, help }))
    }
}

/// Help for a name that does not exist: the most similar name, or all names.
pub(super) fn suggestion(name: &str, all: &BTreeSet<String>, wanted: Wanted) -> String {
    let unversioned = |name: &str| ExportName::new(None, name).unversioned();
    let function = |name: &str| plain(name.rsplit('#').next().unwrap_or(name)).to_owned();
    // The name whose shorter form is most similar.
    let by = |short: &dyn Fn(&str) -> String, name: &str| {
        let names: Vec<_> = all.iter().map(|it| short(it)).collect();
        let nearest = nearest(name, names.iter().map(String::as_str))?;
        let index = names.iter().position(|it| it == nearest)?;
        all.iter().nth(index)
    };
    // If only the interface differs, the function is meant.
    let same_function = || all.iter().find(|it| function(it) == function(name));
    let found = by(&str::to_owned, name)
        .or_else(|| by(&unversioned, name))
        .or_else(same_function)
        .or_else(|| by(&function, &function(name)));
    match found {
        Some(name) => format!("did you mean `{name}`?"),
        None if all.is_empty() => format!("there are no {}s", wanted.noun()),
        None => listed(&format!("the {}s are", wanted.noun()), all.iter().map(String::as_str)),
    }
}

/// The instances and functions at the root.
pub(super) fn instances(functions: &[WorldFunction]) -> BTreeSet<&str> {
    functions.iter().filter_map(|it| it.path.first().map(String::as_str)).collect()
}

/// The instance with a name, in the same version or else in any.
pub(super) fn instance<'n>(name: &str, all: &BTreeSet<&'n str>) -> Option<&'n str> {
    fn unversioned(name: &str) -> &str {
        name.split('@').next().unwrap_or(name)
    }
    let exact = all.iter().find(|it| **it == name);
    exact.or_else(|| all.iter().find(|it| unversioned(it) == unversioned(name))).copied()
}

/// `the exports are a, b`.
pub(super) fn listed<'n>(words: &str, names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<_> = names.take(LISTED + 1).collect();
    if names.len() > LISTED {
        names[LISTED] = "...";
    }
    match names.is_empty() {
        true => format!("{words} nothing"),
        false => format!("{words} {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        assert_eq!(listed("they are", names.into_iter()), "they are a, b, c, d, e, f, g, h, ...");
        assert_eq!(listed("they are", names.into_iter().take(2)), "they are a, b");
        assert_eq!(listed("they are", [].into_iter()), "they are nothing");
    }
}
