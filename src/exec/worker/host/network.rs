//! The network: there is none. An outgoing HTTP request is refused, always in the same way.

use std::future::Future;

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource};
use wasmtime_wasi_http::p2::bindings::http::outgoing_handler::Host as _;
use wasmtime_wasi_http::p2::bindings::http::types::{ErrorCode, Host as _};
use wasmtime_wasi_http::p2::types::{HostFutureIncomingResponse, HostOutgoingRequest};
use wasmtime_wasi_http::{Error, RequestOptions, Result, WasiBody, WasiHttpHooks, WasiHttpView};

use super::imports::of_host;
use super::{Host, trace};

/// Answers every outgoing request with `connection-refused`.
pub(super) struct Refusing;

type Sending = Box<dyn Future<Output = Result<()>> + Send>;
type Answering = Box<dyn Future<Output = Result<(http::Response<WasiBody>, Sending)>> + Send>;

impl WasiHttpHooks for Refusing {
    fn send_request(
        &mut self,
        _: http::Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Sending,
    ) -> Answering {
        Box::new(std::future::ready(Err(Error::ConnectionRefused)))
    }
}

/// Replaces `wasi:http/outgoing-handler@0.2`: wasmtime-wasi-http 48 keeps the options that a guest gives away with a
/// request in the resource table, which would count as a leak of the guest's. The linker has to allow shadowing.
pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    let mut handler = linker.instance(&of_host("wasi:http/outgoing-handler@0.2.0"))?;
    handler.func_wrap("handle", |mut store: StoreContextMut<'_, Host>, (request, options)| {
        trace::note("outgoing-handler", "handle");
        Ok((handle(store.data_mut(), request, options)?,))
    })
}

type Answered = std::result::Result<Resource<HostFutureIncomingResponse>, ErrorCode>;

fn handle(
    host: &mut Host,
    request: Resource<HostOutgoingRequest>,
    options: Option<Resource<RequestOptions>>,
) -> wasmtime::Result<Answered> {
    let given = options.as_ref().map(Resource::rep);
    let answered = host.http().handle(request, options);
    if let Some(given) = given {
        host.table.delete(Resource::<RequestOptions>::new_own(given))?;
    }
    match answered {
        Ok(response) => Ok(Ok(response)),
        Err(error) => Ok(Err(host.http().convert_error_code(error)?)),
    }
}
