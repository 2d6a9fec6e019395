//! What is given for calls, as `config show` tells it.

use crate::check::configuration::from_here;
use crate::config::diagnostic::Place;
use crate::config::given::{Arguments, Call, FilePath, Given, Pair, Requests, Stdin};
use crate::config::written;

/// Key, value, and where it was chosen. Values of the environment may be secrets, and are not shown.
pub(super) fn rows(given: &Given) -> Vec<[String; 3]> {
    let mut rows = Vec::new();
    let mut row = |key: &str, value: String, place: &Place| {
        let origin = match written::is_typed(place) {
            true => format!("command line, {}", place.path),
            false => written::told(place),
        };
        rows.push([key.to_owned(), value, origin]);
    };
    for scenario in &given.scenarios {
        let calls = scenario.calls.iter().map(call).collect::<Vec<_>>().join("; ");
        row("call", calls + &of(scenario.component.as_ref()), &scenario.place);
    }
    for (key, it) in [("lifecycle.init", &given.init), ("lifecycle.cleanup", &given.cleanup)] {
        if let Some(it) = it {
            row(key, call(it), &it.export.place);
        }
    }
    match &given.requests {
        Some(Requests::File(file)) => row("requests", path(file), &file.written.place),
        Some(Requests::List(list, place)) => row("requests", list.len().to_string(), place),
        None => {}
    }
    let guest = &given.guest;
    if let Some((arguments, place)) = &guest.arguments {
        let arguments: Vec<_> = arguments.iter().map(|it| string(it)).collect();
        row("guest.arguments", format!("[{}]", arguments.join(", ")), place);
    }
    for Pair { name, place, .. } in &guest.environment {
        row("guest.environment", name.clone(), place);
    }
    match &guest.stdin {
        Some(Stdin::Text(text, place)) => row("guest.stdin", string(text), place),
        Some(Stdin::File(file)) => row("guest.stdin-file", path(file), &file.written.place),
        None => {}
    }
    for Pair { name, value, place } in &guest.config {
        row("guest.config", format!("{name} = {}", string(value)), place);
    }
    if let Some(folder) = &guest.folder {
        row("guest.folder", path(folder), &folder.written.place);
    }
    for answer in &given.answers {
        let values = answer.values.iter().map(|it| it.text.trim()).collect::<Vec<_>>().join(", ");
        let value = format!("{} = {values}{}", answer.import.text, of(answer.component.as_ref()));
        row("answer", value, &answer.import.place);
    }
    for provider in &given.providers {
        let value = format!("{} = {}", provider.import.text, path(&provider.file));
        row("with", value, &provider.import.place);
    }
    rows
}

fn call(call: &Call) -> String {
    let export = &call.export.text;
    match &call.arguments {
        Arguments::MadeUp => export.clone(),
        Arguments::Wave(arguments) => format!("{export}{}", arguments.text.trim()),
        Arguments::Json(values, _) => {
            let values = values.iter().map(|(json, _)| json.to_string()).collect::<Vec<_>>();
            format!("{export} [{}]", values.join(", "))
        }
    }
}

fn of(component: Option<&String>) -> String {
    component.map(|it| format!(" of {it}")).unwrap_or_default()
}

fn path(file: &FilePath) -> String {
    string(&from_here(&file.path))
}

fn string(text: &str) -> String {
    toml::Value::from(text).to_string()
}
