//! A deterministic host: WASI 0.2 and 0.3 with virtual clocks, seeded random numbers, recorded output, a scratch
//! directory and no network. Arguments, environment, standard input and files are those that the user provides.

mod clock;
mod files;
mod filesystem;
pub(super) mod gate;
pub(super) mod handles;
mod held_back;
pub(super) mod imports;
pub(super) mod limits;
mod input;
pub(super) mod linker;
pub(super) mod output;
pub(super) mod random;
mod ready;
pub(super) mod resources;
pub(super) mod trace;
mod waits;
pub(super) mod watch;

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{
    Error, RequestOptions, Result, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks,
    WasiHttpView,
};

use crate::exec::settings::Settings;
use crate::exec::worker::budget::Deadline;
use crate::observation::{HostCalls, Limit};
use crate::script::{HttpRequest, Script};
use clock::Clock;
use files::Files;
use gate::Gate;
use handles::Handles;
use input::Input;
use limits::{Limits, MOST_HANDLES};
use output::Output;
use random::Random;
use watch::Watch;

/// What one `wasi:random` call returns at most, in bytes.
const MOST_RANDOM: u64 = 1 << 20;

/// What the user provides and every instance finds.
#[derive(Clone)]
pub(super) struct Provided {
    /// The requests that HTTP handlers are to answer.
    requests: Arc<Vec<HttpRequest>>,
    stdin: Bytes,
    files: Files,
}

/// The host's state for one instance.
pub(super) struct Host {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    no_network: NoNetwork,
    pub(super) gate: Gate,
    pub(super) table: ResourceTable,
    pub(super) handles: Handles,
    pub(super) limits: Limits,
    pub(super) requests: Arc<Vec<HttpRequest>>,
    /// What is done when the guest calls the host; nothing, except to find where a leak comes from.
    pub(super) watch: Option<Watch>,
    /// Whether a handle is refused for the call path of the error, and not because of a limit.
    pub(super) asks: bool,
    /// When the current call has to be over.
    pub(super) deadline: Deadline,
    clock: Clock,
    files: Files,
    random: Random,
    stdin: Input,
    stdout: Output,
    stderr: Output,
}

/// What the host recorded during a call.
pub(super) struct Recorded {
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    pub(super) host_calls: HostCalls,
    /// A limit that the call reached or was refused to exceed.
    pub(super) limit: Option<Limit>,
    /// Whether it began a wait that ends by itself.
    pub(super) timer: bool,
    /// Whether a handle was refused for the call path of the error.
    pub(super) asks: bool,
}

impl Provided {
    /// Takes standard input and files out of a script, because they may be large.
    pub(super) fn take_from(script: &mut Script) -> Self {
        Provided {
            requests: Arc::new(script.requests.clone()),
            stdin: script.guest.stdin.take().map(|stdin| stdin.0).unwrap_or_default().into(),
            files: Files::of(script.guest.files.take().unwrap_or_default(), Clock::new()),
        }
    }
}

impl Host {
    pub(super) fn new(
        settings: &Settings,
        provided: &Provided,
        environment: &[(String, String)],
        seed: u64,
        deadline: Deadline,
    ) -> Self {
        let _of_another_instance = trace::take(&[]);
        let clock = Clock::new();
        let random = Random::new(seed);
        let stdin = Input::of(provided.stdin.clone());
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
        let gate = Gate::default();
        let mut table = ResourceTable::new();
        table.set_max_capacity(MOST_HANDLES);
        Host {
            wasi,
            http: WasiHttpCtx::new(),
            no_network: NoNetwork { gate: gate.clone() },
            gate,
            table,
            handles: Handles::default(),
            limits: Limits::new(settings.memory),
            requests: Arc::clone(&provided.requests),
            watch: None,
            asks: false,
            deadline,
            files: provided.files.copied(clock.clone()),
            clock,
            random,
            stdin,
            stdout,
            stderr,
        }
    }

    /// Prepares for a call, or for concurrent ones.
    pub(super) fn begin_call(&mut self, concurrent: bool) {
        self.random.begin();
        self.stdin.begin(concurrent);
        self.files.begin_call();
        self.limits.refused = None;
        self.handles.begin_call(&mut self.table);
        let _left_by_others = (self.stdout.take(), self.stderr.take());
        trace::begin_call();
    }

    /// What was recorded since [`Self::begin_call`].
    pub(super) fn end_call(&mut self) -> Recorded {
        let flooded = self.stdout.is_flooded() || self.stderr.is_flooded();
        let stderr = self.stderr.take();
        Recorded {
            stdout: self.stdout.take(),
            host_calls: trace::take(&stderr),
            stderr,
            limit: flooded.then_some(Limit::Output).or(self.limits.refused),
            timer: trace::has_timer(),
            asks: self.asks,
        }
    }

    /// Called at the beginning of each call of the host.
    fn enter(&mut self) {
        if let Some(watch) = &mut self.watch {
            watch.step(&mut self.table, &self.handles);
        }
    }

    /// Nanoseconds on the instance's clock.
    pub(super) fn now(&self) -> u64 {
        self.clock.now()
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.enter();
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Host {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.enter();
        let hooks = &mut self.no_network;
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks }
    }
}

/// Answers every outgoing request with `connection-refused`.
struct NoNetwork {
    gate: Gate,
}

type Sending = Box<dyn Future<Output = Result<()>> + Send>;
type Answering = Box<dyn Future<Output = Result<(http::Response<WasiBody>, Sending)>> + Send>;

impl WasiHttpHooks for NoNetwork {
    fn send_request(
        &mut self,
        _: http::Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Sending,
    ) -> Answering {
        let pass = self.gate.pass(self.gate.current(), "http#send");
        Box::new(async {
            pass.await;
            Err(Error::ConnectionRefused)
        })
    }
}
