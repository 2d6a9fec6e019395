//! Arguments that are resources of WASI: HTTP requests for handlers, and streams. A response is read to its end while the
//! handler runs.

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wasmtime::component::{Accessor, Resource, ResourceAny, ResourceType};
use wasmtime::{AsContextMut, Store};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream};
use wasmtime_wasi_http::p2::bindings::http::types::{ErrorCode, Scheme};
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;
use wasmtime_wasi_http::p2::types::{HostIncomingRequest, HostResponseOutparam};
use wasmtime_wasi_http::{WasiHttpView, p3};

use super::budget::Stop;
use super::held_body::HeldBody;
use super::host::Host;
use super::host::resources::{self, Kind};
use super::shape::Shape;
use crate::script::HttpRequest;

/// Bytes of a body that are kept.
const MOST: usize = 4 << 20;
/// How long to wait for the rest of a response when its handler has returned, in virtual time: it passes when nothing
/// else can happen.
const REST: Duration = Duration::from_secs(1);

/// A resource that the host created.
pub(super) struct Lent {
    pub(super) resource: ResourceAny,
    pub(super) response: Option<Response>,
    /// The request, if it is one.
    pub(super) asked: Option<Asked>,
}

/// A request as it is reported.
pub(super) struct Asked {
    /// `GET http://localhost/`.
    pub(super) line: String,
    /// The bytes of its body.
    pub(super) body: u64,
}

/// A response that is being read.
pub(super) struct Response {
    read: Arc<Mutex<Option<Read>>>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
pub(super) struct Read {
    head: String,
    body: Vec<u8>,
    end: String,
}

/// A resource of this type, if it is one of WASI that the host can create: to be owned, or lent until the call ends.
pub(super) fn resource(
    store: &mut Store<Host>,
    ty: ResourceType,
    shape: Shape,
    owned: bool,
) -> Result<Option<Lent>, Stop> {
    let Some(kind) = Kind::of(ty) else { return Ok(None) };
    let is = |other: ResourceType| ty == other;
    let (mut response, mut asked) = (None, None);
    let mut new_request = |store: &Store<Host>| {
        let request = request(store.data(), shape);
        asked = Some(Asked::of(&request));
        request.map(|body| body.map_err(impossible))
    };
    let created = if is(ResourceType::host::<HostIncomingRequest>()) {
        let request = new_request(store);
        let created = store.data_mut().http().new_incoming_request(Scheme::Http, request);
        created.and_then(|created| any(created, store)).map(Some)
    } else if is(ResourceType::host::<HostResponseOutparam>()) {
        let (send, receive) = oneshot::channel();
        let created = store.data_mut().http().new_response_outparam(send);
        let read = Arc::default();
        let task = tokio::spawn(read_to_end(receive, Arc::clone(&read)));
        response = Some(Response { read, task });
        created.and_then(|created| any(created, store)).map(Some)
    } else if is(ResourceType::host::<p3::Request>()) {
        let pass = store.data().gate.pass(store.data().gate.current(), "request body");
        let request = new_request(store).map(|body| HeldBody { pass, body });
        let http = store.data_mut().http();
        let (request, _transmitted) = p3::Request::from_http(http.hooks, request);
        pushed(request, store).map(Some)
    } else if is(ResourceType::host::<DynInputStream>()) {
        let stream: DynInputStream = Box::new(MemoryInputPipe::new(body(shape)));
        pushed(stream, store).map(Some)
    } else if is(ResourceType::host::<DynOutputStream>()) {
        let stream: DynOutputStream = Box::new(MemoryOutputPipe::new(MOST));
        pushed(stream, store).map(Some)
    } else {
        resources::create(&mut store.as_context_mut(), ty)
    };
    let Some((resource, entry)) = created.map_err(Stop::Error)? else { return Ok(None) };
    if !owned {
        kind.lend(store.data_mut(), entry);
    }
    Ok(Some(Lent { resource, response, asked }))
}

fn pushed<T: Send + 'static>(
    entry: T,
    store: &mut Store<Host>,
) -> wasmtime::Result<(ResourceAny, u32)> {
    let created = store.data_mut().table.push(entry)?;
    any(created, store)
}

/// A handle, and its entry in the table.
fn any<T: 'static>(
    created: Resource<T>,
    store: &mut Store<Host>,
) -> wasmtime::Result<(ResourceAny, u32)> {
    let entry = created.rep();
    Ok((created.try_into_resource_any(store)?, entry))
}

fn impossible(never: Infallible) -> wasmtime_wasi_http::Error {
    match never {}
}

/// A typical request, or the user's.
fn request(host: &Host, shape: Shape) -> http::Request<Full<Bytes>> {
    if let Shape::Request(number) = shape
        && let Some(request) = host.requests.get(number).and_then(provided)
    {
        return request;
    }
    let (method, path) = match shape {
        Shape::Plain | Shape::Request(_) => ("GET", "/".to_owned()),
        Shape::Empty => ("POST", "/".to_owned()),
        Shape::Large => ("POST", format!("/{}?{}", "path/".repeat(40), "key=value&".repeat(40))),
        Shape::Random(number) => ("PUT", format!("/items/{number}?page={number}")),
    };
    http::Request::builder()
        .method(method)
        .uri(format!("http://localhost{path}"))
        .header("host", "localhost")
        .header("accept", "*/*")
        .header("content-type", "text/plain")
        .body(Full::new(body(shape)))
        .expect("the parts of the request are valid")
}

/// The user's request; `None` if it is not valid HTTP.
fn provided(request: &HttpRequest) -> Option<http::Request<Full<Bytes>>> {
    let mut builder = http::Request::builder().method(request.method.as_str()).uri(&request.uri);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if !request.headers.iter().any(|(name, _)| name == "host") {
        let uri: http::Uri = request.uri.parse().ok()?;
        builder = builder.header("host", uri.authority().map_or("localhost", |it| it.as_str()));
    }
    builder.body(Full::new(Bytes::from(request.body.clone()))).ok()
}

fn body(shape: Shape) -> Bytes {
    match shape {
        Shape::Plain | Shape::Request(_) | Shape::Empty => Bytes::new(),
        Shape::Large => Bytes::from("secondcall ".repeat(6000)),
        Shape::Random(number) => Bytes::from(format!("body {number}")),
    }
}

async fn read_to_end(
    receive: oneshot::Receiver<Result<http::Response<HyperOutgoingBody>, ErrorCode>>,
    into: Arc<Mutex<Option<Read>>>,
) {
    match receive.await {
        Ok(Ok(response)) => read_response(response, &into).await,
        Ok(Err(error)) => {
            let head = format!("error {error:?}");
            *locked(&into) = Some(Read { head, ..Read::default() });
        }
        Err(_dropped) => {}
    }
}

async fn read_response<E: std::fmt::Display>(
    response: http::Response<impl http_body::Body<Data = Bytes, Error = E> + Unpin>,
    into: &Mutex<Option<Read>>,
) {
    let (parts, mut body) = response.into_parts();
    let mut headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    headers.sort();
    let head = format!("{} {{{}}}", parts.status.as_u16(), headers.join(", "));
    *locked(into) = Some(Read { head, end: "unfinished".to_owned(), ..Read::default() });
    let mut end = String::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => {
                if let (Some(data), Some(read)) = (frame.data_ref(), locked(into).as_mut()) {
                    let room = MOST.saturating_sub(read.body.len());
                    read.body.extend_from_slice(&data[..data.len().min(room)]);
                }
            }
            Err(error) => {
                end = format!("broken off: {error}");
                break;
            }
        }
    }
    if let Some(read) = locked(into).as_mut() {
        read.end = end;
    }
}

/// Reads the response that a `wasi:http/handler` returned, inside the call that made it.
pub(super) async fn read_returned(
    accessor: &Accessor<Host>,
    returned: ResourceAny,
) -> wasmtime::Result<Read> {
    let response = accessor.with(|mut access| {
        let response = returned.try_into_resource::<p3::Response>(&mut access)?;
        let response = access.get().table.delete(response)?;
        response.into_http(&mut access, async { Ok(()) })
    })?;
    let read = Mutex::default();
    let reading = read_response(response.map(Box::pin), &read);
    let _in_time = tokio::time::timeout(REST, reading).await;
    Ok(read.into_inner().unwrap_or_else(PoisonError::into_inner).unwrap_or_default())
}

fn locked(read: &Mutex<Option<Read>>) -> std::sync::MutexGuard<'_, Option<Read>> {
    read.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Asked {
    fn of(request: &http::Request<Full<Bytes>>) -> Self {
        let line = format!("{} {}", request.method(), request.uri());
        Asked { line, body: http_body::Body::size_hint(request.body()).lower() }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.body {
            0 => f.write_str(&self.line),
            bytes => write!(f, "{}, with a body of {bytes} bytes", self.line),
        }
    }
}

impl Response {
    /// What was read once the handler has returned; `None` if it never answered.
    pub(super) async fn finish(mut self) -> Option<Read> {
        if tokio::time::timeout(REST, &mut self.task).await.is_err() {
            self.task.abort();
        }
        locked(&self.read).take()
    }
}

impl Read {
    /// The response as text: status, headers sorted, body.
    pub(super) fn into_text(self) -> Vec<u8> {
        let mut text = self.head.into_bytes();
        text.push(b' ');
        text.extend(self.body);
        if !self.end.is_empty() {
            text.extend(format!(" ({})", self.end).into_bytes());
        }
        text
    }
}
