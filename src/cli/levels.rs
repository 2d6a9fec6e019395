//! `-A`, `-W` and `-D`, in command-line order: the last one for a rule wins.

use clap::{ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::config::Level;

/// The level chosen for each rule, or for `all`.
#[derive(Debug, Clone, Default)]
pub(super) struct Levels(pub(super) Vec<(String, Level)>);

const OPTIONS: [(&str, char, Level, &str); 3] = [
    ("allow", 'A', Level::Allow, "Do not report findings of this rule (or `all`)"),
    ("warn", 'W', Level::Warn, "Report findings of this rule (or `all`) as warnings"),
    ("deny", 'D', Level::Deny, "Report findings of this rule (or `all`) as errors"),
];

// The derived implementation keeps the values of each option apart and loses their order.
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
            let positions = matches.indices_of(name).into_iter().flatten();
            typed.extend(
                positions.zip(rules).map(|(position, rule)| (position, rule.clone(), level)),
            );
        }
        typed.sort_by_key(|(position, ..)| *position);
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
