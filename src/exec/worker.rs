//! The process that runs the guest. It reads one request, answers on standard output, and knows no result of the code
//! analysis.

mod budget;
mod compilable;
mod cause;
mod concurrent;
mod confinement;
mod ending;
mod engine;
mod filter;
mod held;
mod held_body;
mod host;
mod instance;
mod link;
mod plan;
mod prepared;
mod printed;
mod probes;
mod requests;
mod seen;
mod shape;
mod step;
mod way;

use std::io::{self, Write};
use std::time::Duration;

use super::protocol::{COMPILING, Message, Request};
use crate::frames;
use crate::observation::Inconclusive;
use host::{Provided, trace};

/// The engine that runs guests; `None` in a build without one.
pub(crate) const ENGINE: Option<&str> = Some("wasmtime 48");
/// Why exports cannot be called, if this build has no engine.
pub(crate) const MISSING: Option<&str> = None;
/// The longest component, and the longest request without it, in bytes.
const LONGEST: u64 = (1 << 30) + (1 << 20);

/// Serves one request from standard input. Ends the process when its other end is closed.
///
/// # Errors
/// When the request cannot be read or the answer cannot be written.
pub(crate) fn serve() -> io::Result<()> {
    let (mut request, bytes): (Request, _) = frames::read(&mut io::stdin().lock(), LONGEST)?;
    // Threads that begin earlier would not be filtered.
    if let Err(why) = filter::install() {
        send(Message::Unfiltered(why))?;
    }
    confinement::end_with(io::stdin());
    confinement::limit(&request.settings, longest(&request).as_secs());
    trace::listen(&request.settings.script.guest);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build()?;
    let served = runtime.block_on(answer(&mut request, &bytes));
    // Does not wait for tasks that a guest left behind.
    runtime.shutdown_background();
    served
}

/// How much processor time the whole request may take.
fn longest(request: &Request) -> Duration {
    COMPILING + budget::run(&request.settings) + request.patience()
}

async fn answer(request: &mut Request, bytes: &[u8]) -> io::Result<()> {
    let provided = Provided::take_from(&mut request.settings.script);
    match link::prepare(request, provided, bytes) {
        Ok((prepared, stubbed)) => {
            send(Message::Compiled { stubbed: stubbed.clone() })?;
            let observed = match &request.settings.schedule {
                Some(schedule) => plan::replay(&prepared, schedule, send).await?,
                None => plan::run(&prepared, &request.wanted, send).await?,
            };
            let probed = || {
                send(Message::Probing).ok()?;
                let probed = link::probed(request, &prepared, bytes);
                send(Message::Compiled { stubbed }).ok()?;
                probed
            };
            cause::run(&prepared, probed, &observed, send).await?;
            send(Message::Done)
        }
        Err(Inconclusive { reason, detail }) => send(Message::Refused { reason, detail }),
    }
}

fn send(message: Message) -> io::Result<()> {
    let mut line = serde_json::to_vec(&message)?;
    line.push(b'\n');
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.flush()
}
