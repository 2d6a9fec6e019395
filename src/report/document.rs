//! A report as every format writes it: of a run that was just made, or read back from JSON.

mod artifact;
mod calls;
mod cause;
mod diagnostic;
mod finding;
mod model;
mod place;
mod printable;
mod query;
mod read;
mod skipped;

pub use self::artifact::{
    AdapterItem, Artifact, ByName, Export, ImpliedHost, Matched, Origin, Releases,
};
pub use self::calls::{Call, FreshCalls, Outcome};
pub use self::cause::{Cause, CausePart};
pub use self::diagnostic::Diagnostic;
pub use self::finding::{Finding, FindingPlace, Fix, Hosts, Role};
pub use self::model::{Document, FORMAT, Failure, Head, Options, Summary, Tool, VERSION};
pub use self::place::{Place, Source, Sources};
pub use self::query::Input;
pub use self::read::Unreadable;
pub use self::skipped::{Skipped, Skips};
