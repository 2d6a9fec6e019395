//! Where repeated calls ask for what they leak: the calls are made again, and what one of them asks for is answered with an
//! error, which carries the call path. Needs no accessors.

mod again;
mod concurrent;
mod handles;
mod memory;

use std::io;

use crate::exec::protocol::{Leak, Message};
use crate::exec::worker::plan::repeat::Sequence;
use crate::exec::worker::plan::subject::Subject;
use crate::exec::worker::prepared::Prepared;
use crate::observation::{ObservedExport, Repeated};
use again::Calls;

/// Finds and sends the call paths. Takes operators from `left`, at most half of them.
pub(super) async fn run(
    prepared: &Prepared,
    observed: &[Option<ObservedExport>],
    left: &mut u64,
    send: impl Fn(Message) -> io::Result<()>,
) -> io::Result<()> {
    let mut leaking = Vec::new();
    for (target, export) in observed.iter().enumerate() {
        let Some((export, repeated)) =
            export.as_ref().zip(export.as_ref().and_then(|it| it.repeated.as_ref()))
        else {
            continue;
        };
        leaking.extend(of(repeated).into_iter().map(|leak| (target, export, repeated, leak)));
    }
    let shares = leaking.len() as u64;
    for (target, export, repeated, leak) in leaking {
        let share = *left / 2 / shares;
        let subject = Subject::with_fuel(prepared, target, share);
        let fresh: Vec<_> = export.fresh.iter().collect();
        let Some(sequence) = Sequence::of(&subject.order, &fresh) else { continue };
        let calls = Calls { subject: &subject, sequence, repeated };
        let path = match &leak {
            Leak::Memory => memory::path(&calls).await,
            Leak::Handles(resource) => handles::path(&calls, resource).await,
            Leak::Concurrent => concurrent::path(&calls).await,
        };
        *left = left.saturating_sub(share.saturating_sub(subject.budget.fuel.get()));
        if let Some(path) = path {
            send(Message::Leaks(target, leak, Box::new(path)))?;
        }
    }
    Ok(())
}

fn of(repeated: &Repeated) -> Vec<Leak> {
    let memory = repeated.memory.map(|_| Leak::Memory);
    let handles = repeated.handles.iter().map(|it| Leak::Handles(it.resource.clone()));
    memory.into_iter().chain(handles).chain(repeated.concurrent.map(|_| Leak::Concurrent)).collect()
}
