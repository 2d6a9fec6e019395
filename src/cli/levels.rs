//! `-A`, `-W` and `-D`, in the order in which they were typed: the last one that fits a rule wins.

use clap::{ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::config::Level;

/// The level chosen for each rule, or for `all`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Levels(pub Vec<(String, Level)>);

const OPTIONS: [(&str, char, Level, &str); 3] = [
    ("allow", 'A', Level::Allow, "Do not tell what this rule finds (or `all`)"),
    ("warn", 'W', Level::Warn, "Tell what this rule finds as a warning (or `all`)"),
    ("deny", 'D', Level::Deny, "Tell what this rule finds as an error (or `all`)"),
];

// What clap derives keeps the values of each option apart, and so forgets which of them came last.
impl FromArgMatches for Levels {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut levels = Levels::default();
        levels.update_from_arg_matches(matches)?;
        Ok(levels)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        let mut typed = Vec::new();
        for (name, _, level, _) in OPTIONS {
            let rules = matches.get_many::<String>(name).into_iter().flatten();
            let places = matches.indices_of(name).into_iter().flatten();
            typed.extend(places.zip(rules).map(|(place, rule)| (place, rule.clone(), level)));
        }
        typed.sort_by_key(|(place, ..)| *place);
        self.0 = typed.into_iter().map(|(_, rule, level)| (rule, level)).collect();
        Ok(())
    }
}

impl Args for Levels {
    fn augment_args(command: Command) -> Command {
        command.args(OPTIONS.map(|(name, short, _, help)| {
            let option = clap::Arg::new(name).short(short).long(name).value_name("RULE");
            option.action(ArgAction::Append).help(help)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Levels::augment_args(command)
    }
}
