//! The inputs that the author gave for a component, in one line.

use crate::report::given::Given;
use crate::report::wording;

/// In one line: `2 calls, 1 scenario, lifecycle, 12 requests (site.har), folder data/`.
pub(in crate::report) fn line(given: &Given) -> String {
    let mut parts = Vec::new();
    let mut add = |number: usize, noun: &str| {
        if number > 0 {
            parts.push(wording::counted(number as u64, noun));
        }
    };
    let scenarios = given.scenarios.iter().filter(|it| it.calls.len() > 1).count();
    add(given.scenarios.len() - scenarios, "call");
    add(scenarios, "scenario");
    if given.init.is_some() || given.cleanup.is_some() {
        parts.push("lifecycle".to_owned());
    }
    if let Some(requests) = &given.requests {
        parts.push(format!("{} ({})", wording::counted(requests.count, "request"), requests.from));
    }
    let guest = &given.guest;
    if guest.arguments > 0 {
        parts.push(wording::counted(guest.arguments, "argument"));
    }
    if !guest.environment.is_empty() {
        parts.push(format!("environment {}", guest.environment.join(" ")));
    }
    if let Some(bytes) = guest.stdin {
        parts.push(format!("stdin of {}", wording::size(bytes)));
    }
    if !guest.config.is_empty() {
        parts.push(format!("config {}", guest.config.join(" ")));
    }
    if let Some(folder) = &guest.folder {
        parts.push(format!("folder {}/", folder.path.trim_end_matches('/')));
    }
    let answers = given.answers.iter().map(|it| format!("answer of {}", it.import));
    let providers = given.providers.iter().map(|it| format!("{} from {}", it.import, it.path));
    parts.extend(answers.chain(providers));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::given::{Folder, Guest, Requests, Scenario};

    #[test]
    fn one_line() {
        let calls = |calls: &[&str]| Scenario {
            from: "--call".to_owned(),
            calls: calls.iter().map(|it| (*it).to_owned()).collect(),
        };
        let given = Given {
            scenarios: vec![calls(&["a"]), calls(&["a", "b"]), calls(&["b"])],
            init: Some("open".to_owned()),
            requests: Some(Requests { from: "site.har".to_owned(), count: 12 }),
            guest: Guest {
                arguments: 1,
                stdin: Some(2048),
                folder: Some(Folder { path: "data".to_owned(), files: 3, bytes: 9 }),
                ..Guest::default()
            },
            ..Given::default()
        };
        let expected = "2 calls, 1 scenario, lifecycle, 12 requests (site.har), 1 argument, stdin of 2.0 KiB, folder data/";
        assert_eq!(line(&given), expected);
        let json = serde_json::to_string(&given).unwrap();
        assert_eq!(serde_json::from_str::<Given>(&json).unwrap(), given);
        assert_eq!(serde_json::to_string(&Given::default()).unwrap(), "{}");
    }
}
