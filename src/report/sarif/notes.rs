//! Notifications: inputs that could not be examined, and diagnostics of the configuration.

use crate::report::anchor::Anchor;
use crate::report::document::{Diagnostic, Document, Failure, Skipped};
use crate::report::sarif::log::{
    Descriptor, Location, Notification, PhysicalLocation, Reference, Text,
};
use crate::report::sarif::places::Files;
use crate::report::wording;

const UNREAD: Reference = Reference { id: "run/unread", index: 0 };
const SKIPPED: Reference = Reference { id: "run/skipped", index: 1 };
const CONFIG: Reference = Reference { id: "run/config", index: 2 };

/// The kinds of notifications, as their references count them.
pub(super) fn descriptors() -> Vec<Descriptor> {
    let unread = [
        "InputUnread",
        "An input could not be read.",
        "An input could not be read, so nothing is said of it; the others are still reported.",
        "Look at what the notification says, and whether the file is a component.",
    ];
    let skipped = [
        "Skipped",
        "Something was not examined although it was asked for.",
        "An export could not be called, a component is not on this machine, the hosts call none of its exports, or a pattern matches nothing.",
        "The notification says what stands in the way; what the code says is reported all the same.",
    ];
    let config = [
        "ConfigurationOutdated",
        "The configuration or the baseline speaks of something that was not found.",
        "An acceptance or an entry of the baseline matched nothing, or its last day has passed.",
        "Remove the entry, or look at the finding again and choose a later day.",
    ];
    let descriptor = |(id, [name, short, full, help]): (&str, [&str; 4])| Descriptor {
        id: id.to_owned(),
        name: name.to_owned(),
        short_description: Some(Text::plain(short)),
        full_description: Some(Text::plain(full)),
        help: Some(Text::plain(help)),
        ..Descriptor::default()
    };
    [(UNREAD.id, unread), (SKIPPED.id, skipped), (CONFIG.id, config)].map(descriptor).into()
}

pub(super) fn of_execution(document: &Document, files: &Files) -> Vec<Notification> {
    let unread = document.errors.iter().map(|failure| unread(failure, files));
    let skipped = document.skipped.iter().map(|it| skipped(document, it, files));
    unread.chain(skipped).collect()
}

pub(super) fn of_configuration(document: &Document, files: &Files) -> Vec<Notification> {
    document.config.iter().map(|it| config(it, files)).collect()
}

fn config(diagnostic: &Diagnostic, files: &Files) -> Notification {
    let anchor = Anchor::in_manifest(&diagnostic.origin);
    let location = Location { physical_location: Some(files.line(anchor)), ..Location::default() };
    let text = match diagnostic.help.as_str() {
        "" => diagnostic.message.clone(),
        help => format!("{}; {help}", diagnostic.message),
    };
    Notification {
        descriptor: CONFIG,
        level: wording::severity(diagnostic.severity),
        message: Text::sentence(&text),
        locations: vec![location],
    }
}

fn unread(failure: &Failure, files: &Files) -> Notification {
    let anchor = Anchor::of_failure(failure);
    let text = format!("{} could not be read: {}", failure.path, failure.sentence());
    let location = Location { physical_location: Some(files.line(anchor)), ..Location::default() };
    Notification {
        descriptor: UNREAD,
        level: "error",
        message: Text::sentence(&text),
        locations: vec![location],
    }
}

fn skipped(document: &Document, skipped: &Skipped, files: &Files) -> Notification {
    let path = document.path_of(skipped);
    let what = [path, skipped.export()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let what = if what.is_empty() { what } else { what + ": " };
    let text = format!("{what}{}: {}", skipped.reason, skipped.detail);
    let place = skipped.origin.as_ref().map(|origin| files.line(Anchor::in_manifest(origin)));
    let place = place.or_else(|| {
        let artifact_location = files.file(path?);
        Some(PhysicalLocation { artifact_location, region: None, address: None })
    });
    let location = place.map(|it| Location { physical_location: Some(it), ..Location::default() });
    Notification {
        descriptor: SKIPPED,
        level: "note",
        message: Text::sentence(&text),
        locations: location.into_iter().collect(),
    }
}
