//! The static check as a component: `wit/linter.wit` says what it exports.

use secondcall::embedded;

use self::exports::secondcall::linter::linter::{Format, Guest, Options, Report};

wit_bindgen::generate!({ world: "analyzer", path: "wit" });

struct Component;

impl Guest for Component {
    fn check(component: Vec<u8>, options: Options) -> Result<Report, String> {
        let format = match options.format {
            Format::Json => embedded::Format::Json,
            Format::Markdown => embedded::Format::Markdown,
            Format::Sarif => embedded::Format::Sarif,
            Format::Text => embedded::Format::Text,
        };
        let hosts: Vec<_> = options.hosts.iter().map(String::as_str).collect();
        let checked = embedded::check(&options.name, component, &hosts, format)?;
        Ok(Report { text: checked.report, exit_code: checked.exit_code })
    }

    fn version() -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }
}

export!(Component);
