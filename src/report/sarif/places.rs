//! Places in texts and in the binary, and their names.

use std::collections::BTreeMap;

use crate::location::Span;
use crate::report::anchor::Anchor;
use crate::report::document::{self, Document, Finding, Place, Sources};
use crate::report::inner::Inner;
use crate::report::sarif::log::{
    Address, Artifact, ArtifactLocation, Location, LogicalLocation, PhysicalLocation, Region, Text,
};
use crate::report::sarif::profile::Profile;
use crate::report::{uri, wording};

/// The files of a log, and the index of each.
pub(super) struct Files {
    pub(super) list: Vec<Artifact>,
    places: BTreeMap<String, usize>,
}

impl Files {
    /// The inputs, then the manifests that name them and the files that are wrong, then the texts that the
    /// inputs were made from.
    pub(super) fn of(document: &Document) -> Self {
        let mut files = Files { list: Vec::new(), places: BTreeMap::new() };
        for artifact in &document.artifacts {
            files.add(&artifact.path, Some(artifact));
            artifact.also.iter().for_each(|path| files.add(path, Some(artifact)));
        }
        for failure in &document.errors {
            files.add(&failure.path, None);
        }
        let of_artifacts = document.artifacts.iter().filter_map(|it| it.origin.as_ref());
        let of_errors = document.errors.iter().filter_map(|it| it.origin.as_ref());
        let of_config = document.config.iter().map(|it| &it.origin);
        let origins = of_artifacts.chain(of_errors).chain(of_config).map(|it| &it.path);
        for path in origins.chain(document.skipped.iter().filter_map(|it| it.path.as_ref())) {
            files.add(path, None);
        }
        for source in document.sources().filter(|source| source.present) {
            files.add(&source.path, None);
        }
        files
    }

    fn add(&mut self, path: &str, binary: Option<&document::Artifact>) {
        if self.places.contains_key(path) {
            return;
        }
        let index = self.list.len();
        let location = ArtifactLocation { uri: uri::of(path), index: Some(index) };
        self.places.insert(path.to_owned(), index);
        let wrapped = binary.and_then(|it| it.wrapped.as_ref()).map(wording::wrapping);
        // Size and digest of a text or core module are those of the component, not of the file.
        let binary = binary.filter(|it| !it.is_encoded());
        self.list.push(Artifact {
            location,
            description: wrapped.map(|text| Text::sentence(&text)),
            roles: binary.map(|_| "analysisTarget").into_iter().collect(),
            length: binary.map(|it| it.bytes),
            mime_type: binary.map(|_| "application/wasm"),
            hashes: binary.map(|it| ("sha-256", it.sha256.clone())).into_iter().collect(),
        });
    }

    pub(super) fn file(&self, path: &str) -> ArtifactLocation {
        ArtifactLocation { uri: uri::of(path), index: self.places.get(path).copied() }
    }

    /// A line of a text.
    pub(super) fn line(&self, anchor: Anchor<'_>) -> PhysicalLocation {
        let column = anchor.column.unwrap_or(1);
        PhysicalLocation {
            artifact_location: self.file(anchor.path),
            region: Some(Region::Lines {
                start_line: anchor.line,
                start_column: column,
                end_column: anchor.length.map(|length| column.saturating_add(length)),
            }),
            address: None,
        }
    }

    /// The place of a finding: bytes of the binary where the profile allows them, else a line.
    pub(super) fn primary(
        &self,
        artifact: &document::Artifact,
        finding: &Finding,
        profile: Profile,
    ) -> PhysicalLocation {
        match finding.place() {
            Some(place) if tells_bytes(artifact, profile) => self.bytes(artifact, place),
            _ => self.line(Anchor::of(artifact, finding)),
        }
    }

    /// The same for a place.
    pub(super) fn step(
        &self,
        artifact: &document::Artifact,
        place: &Place,
        profile: Profile,
    ) -> PhysicalLocation {
        match tells_bytes(artifact, profile) {
            true => self.bytes(artifact, place),
            false => self.line(Anchor::at(artifact, place)),
        }
    }

    /// Bytes of the binary. Where the input is a text, they are at an address of what it encodes to.
    fn bytes(&self, artifact: &document::Artifact, place: &Place) -> PhysicalLocation {
        let (offset, length) = (place.offset, place.length);
        let text = artifact.is_encoded();
        let region = Region::Bytes { byte_offset: offset, byte_length: length };
        PhysicalLocation {
            artifact_location: self.file(&artifact.path),
            region: (!text).then_some(region),
            address: text.then_some(Address { absolute_address: offset, length }),
        }
    }

    /// A part of a composition, with words about it.
    pub(super) fn component(&self, artifact: &document::Artifact, inner: &Inner) -> Location {
        let location = crate::location::Location {
            path: Vec::new(),
            span: Span::new(inner.offset, inner.offset.saturating_add(inner.length)),
        };
        let place = match inner.length {
            0 => whole(artifact),
            _ => Place::of(&location, &Sources::new()),
        };
        Location {
            id: None,
            physical_location: Some(self.bytes(artifact, &place)),
            logical_locations: vec![component(inner)],
            message: Some(Text::sentence(&inner.words())),
        }
    }

    /// A place in the binary, with its name and with words about it.
    pub(super) fn in_binary(
        &self,
        artifact: &document::Artifact,
        place: &Place,
        words: Option<&str>,
    ) -> Location {
        Location {
            id: None,
            physical_location: Some(self.bytes(artifact, place)),
            logical_locations: vec![named(place)],
            message: words.map(Text::sentence),
        }
    }
}

/// A part of a composition.
pub(super) fn component(inner: &Inner) -> LogicalLocation {
    LogicalLocation {
        name: inner.name.clone(),
        fully_qualified_name: inner.path.join(" "),
        kind: Some("component"),
    }
}

/// The item that a place stands in.
pub(super) fn named(place: &Place) -> LogicalLocation {
    LogicalLocation {
        name: place.name.clone(),
        fully_qualified_name: place.path.clone(),
        kind: match (place.function, place.core_module) {
            (Some(_), _) => Some("function"),
            (None, Some(_)) => Some("module"),
            (None, None) => None,
        },
    }
}

/// All of an artifact.
pub(super) fn whole(artifact: &document::Artifact) -> Place {
    let location =
        crate::location::Location { path: Vec::new(), span: Span::new(0, artifact.bytes) };
    Place::of(&location, &Sources::new())
}

fn tells_bytes(artifact: &document::Artifact, profile: Profile) -> bool {
    profile == Profile::Oasis && !artifact.is_encoded()
}
