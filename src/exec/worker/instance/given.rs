//! Arguments that the author gave.

use wasmtime::component::{Type, Val};

use super::Live;
use super::arguments::{self, Made};
use crate::exec::worker::budget::Stop;
use crate::exec::worker::shape::Shape;
use crate::script::Argument;

/// Makes the arguments that `given` says.
pub(super) async fn make(
    live: &mut Live<'_>,
    types: &[Type],
    given: &[Argument],
) -> Result<Made, Stop> {
    if types.len() != given.len() {
        let detail = format!("{} arguments are given, and it takes {}", given.len(), types.len());
        return Err(Stop::inconclusive("argument", detail));
    }
    let mut made = Made::default();
    for (ty, argument) in types.iter().zip(given) {
        match argument {
            Argument::Wave(text) => {
                let value = Val::from_wave(ty, text).map_err(|error| {
                    Stop::inconclusive("argument", format!("`{text}`: {error:#}"))
                })?;
                made.values.push(value);
            }
            Argument::MadeUp => {
                let one = arguments::make(live, std::slice::from_ref(ty), Shape::Plain).await?;
                made.values.extend(one.values);
                made.lent.extend(one.lent);
                made.asked = one.asked.or(made.asked.take());
                made.response = one.response.or(made.response.take());
            }
        }
    }
    Ok(made)
}
