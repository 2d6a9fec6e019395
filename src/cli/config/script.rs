//! The script of the execution, as `config show` prints it.

use crate::check::paths::from_here;
use crate::config::given::{Arguments, Call, FilePath, Given, Pair, Requests, Stdin};
use crate::config::text::TextSpan;

/// Key, value, and where it is set. Values of environment variables may be secrets and are not shown.
pub(super) fn rows(given: &Given) -> Vec<[String; 3]> {
    let mut rows = Vec::new();
    let mut row = |key: &str, value: String, span: &TextSpan| {
        let origin = match span.is_option() {
            true => format!("command line, {}", span.path),
            false => span.to_string(),
        };
        rows.push([key.to_owned(), value, origin]);
    };
    for scenario in &given.scenarios {
        let calls = scenario.calls.iter().map(call).collect::<Vec<_>>().join("; ");
        row("call", calls + &of(scenario.component.as_ref()), &scenario.span);
    }
    for (key, it) in [("lifecycle.init", &given.init), ("lifecycle.cleanup", &given.cleanup)] {
        if let Some(it) = it {
            row(key, call(it), &it.export.span);
        }
    }
    match &given.requests {
        Some(Requests::File(file)) => row("requests", path(file), &file.written.span),
        Some(Requests::List(list, span)) => row("requests", list.len().to_string(), span),
        None => {}
    }
    let guest = &given.guest;
    if let Some((arguments, span)) = &guest.arguments {
        row("guest.arguments", toml::Value::from(arguments.clone()).to_string(), span);
    }
    for Pair { name, span, .. } in &guest.environment {
        row("guest.environment", name.clone(), span);
    }
    match &guest.stdin {
        Some(Stdin::Text(text, span)) => row("guest.stdin", string(text), span),
        Some(Stdin::File(file)) => row("guest.stdin-file", path(file), &file.written.span),
        None => {}
    }
    for Pair { name, value, span } in &guest.config {
        row("guest.config", format!("{name} = {}", string(value)), span);
    }
    if let Some(folder) = &guest.folder {
        row("guest.folder", path(folder), &folder.written.span);
    }
    for answer in &given.answers {
        let values = answer.values.iter().map(|it| it.text.trim()).collect::<Vec<_>>().join(", ");
        let value = format!("{} = {values}{}", answer.import.text, of(answer.component.as_ref()));
        row("answer", value, &answer.import.span);
    }
    for provider in &given.providers {
        let value = format!("{} = {}", provider.import.text, path(&provider.file));
        row("with", value, &provider.import.span);
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
