//! A deterministic host: WASI 0.2 and 0.3 on virtual clocks and seeded random numbers, with output
//! kept, a scratch directory, no network, and of arguments, environment, input and files what the author gave.

mod clock;
mod files;
mod given;
pub(super) mod handles;
pub(super) mod imports;
pub(super) mod limits;
mod input;
mod network;
pub(super) mod output;
pub(super) mod random;
pub(super) mod resources;
pub(super) mod trace;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::p2::bindings::LinkOptions;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::exec::settings::Settings;
use crate::observation::{HostCalls, Limit};
use crate::script::HttpRequest;
use clock::Clock;
use files::Files;
pub(super) use given::Given;
use handles::Handles;
use input::Input;
use limits::Limits;
use network::Refusing;
use output::Output;
use random::Random;
use resources::Kind;

/// Entries of the resource table of one instance, and handles in each of its own tables.
pub(super) const MOST_HANDLES: usize = 100_000;
/// What `wasi:random` gives at once, in bytes.
const MOST_RANDOM: u64 = 1 << 20;

/// All that the host keeps for one instance.
pub(super) struct Host {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    refusing: Refusing,
    pub(super) table: ResourceTable,
    pub(super) handles: Handles,
    pub(super) limits: Limits,
    /// What the author gave HTTP handlers to answer.
    pub(super) requests: Arc<Vec<HttpRequest>>,
    /// When the call under way has to be over, on the real clock.
    pub(super) deadline: Instant,
    clock: Clock,
    files: Files,
    random: Random,
    stdin: Input,
    stdout: Output,
    stderr: Output,
}

/// What a call left with the host.
pub(super) struct Left {
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    pub(super) host_calls: HostCalls,
    /// A limit that it reached, or that was in its way.
    pub(super) limit: Option<Limit>,
    /// Whether it began a wait that ends by itself.
    pub(super) timer: bool,
}

impl Host {
    /// A host for one instance, with these random numbers.
    pub(super) fn new(
        settings: &Settings,
        given: &Given,
        environment: &[(String, String)],
        seed: u64,
        deadline: Instant,
    ) -> Self {
        let _of_another_instance = trace::take(&[]);
        let clock = Clock::new();
        let random = Random::new(seed);
        let stdin = Input::of(given.stdin.clone());
        let (stdout, stderr) = (Output::default(), Output::errors());
        let guest = &settings.script.guest;
        let wasi = WasiCtx::builder()
            .args(&guest.arguments)
            .envs(environment)
            .monotonic_clock(clock.clone())
            .wall_clock(clock.clone())
            .secure_random(random.clone())
            .insecure_random(random.clone())
            .insecure_random_seed(u128::from(seed))
            .max_random_size(MOST_RANDOM)
            .stdin(stdin.clone())
            .stdout(stdout.clone())
            .stderr(stderr.clone())
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false)
            .build();
        let mut table = ResourceTable::new();
        table.set_max_capacity(MOST_HANDLES);
        Host {
            wasi,
            http: WasiHttpCtx::new(),
            refusing: Refusing,
            table,
            handles: Handles::default(),
            limits: Limits::new(settings.memory),
            requests: Arc::clone(&given.requests),
            deadline,
            files: given.files.copied(clock.clone()),
            clock,
            random,
            stdin,
            stdout,
            stderr,
        }
    }

    /// Makes ready for a call, or for several at once.
    pub(super) fn begin_call(&mut self, several: bool) {
        self.random.begin();
        self.stdin.begin(several);
        self.files.begin_call();
        self.limits.refused = None;
        self.handles.begin_call();
        self.take_back();
        let _left_by_others = (self.stdout.take(), self.stderr.take());
        trace::begin_call();
    }

    /// What was left since [`Self::begin_call`].
    pub(super) fn end_call(&mut self) -> Left {
        let flooded = self.stdout.is_flooded() || self.stderr.is_flooded();
        let stderr = self.stderr.take();
        Left {
            stdout: self.stdout.take(),
            host_calls: trace::take(&stderr),
            stderr,
            limit: flooded.then_some(Limit::Output).or(self.limits.refused),
            timer: trace::has_timer(),
        }
    }

    /// Nanoseconds on the instance's clock.
    pub(super) fn now(&self) -> u64 {
        self.clock.now()
    }

    /// How many handles of the host's resources the guest holds.
    pub(super) fn live_handles(&mut self) -> u64 {
        self.held().values().sum()
    }

    /// How many handles of the host's resources the guest holds, by resource: `wasi:io/poll pollable`.
    pub(super) fn held(&mut self) -> BTreeMap<String, u64> {
        let mut held = self.handles.made_up();
        for (name, handles) in resources::held(&mut self.table) {
            *held.entry(name).or_insert(0) += handles;
        }
        for kind in self.handles.lent.values() {
            if let Some(handles) = held.get_mut(kind.name) {
                *handles = handles.saturating_sub(1);
            }
        }
        let held = held.into_iter().filter(|(_, handles)| *handles > 0);
        held.map(|(name, handles)| (name.to_owned(), handles)).collect()
    }

    /// Notes that a resource of WASI is lent until the call ends, by its entry in the table.
    pub(super) fn lend(&mut self, kind: &'static Kind, entry: u32) {
        self.handles.lent.insert(entry, kind);
    }

    /// Deletes what was lent. An entry that others depend on stays until they are gone.
    fn take_back(&mut self) {
        let table = &mut self.table;
        self.handles.lent.retain(|entry, kind| !kind.delete(table, *entry));
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Host {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.refusing }
    }
}

/// A linker that knows all of WASI.
pub(super) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    let mut options = LinkOptions::default();
    options.network_error_code(true);
    wasmtime_wasi::p2::add_to_linker_with_options_async(&mut linker, &options)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    // `wasi:filesystem` is replaced. To add all other interfaces one by one would be longer, and would
    // miss what a later version adds.
    linker.allow_shadowing(true);
    files::link(&mut linker)?;
    network::link(&mut linker)?;
    linker.allow_shadowing(false);
    Ok(linker)
}
