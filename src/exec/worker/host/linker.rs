//! A linker with all of WASI, with this host's own files, waits and outgoing HTTP requests.

use wasmtime::component::{Linker, Resource};
use wasmtime::{Engine, StoreContextMut};
use wasmtime_wasi::p2::bindings::LinkOptions;
use wasmtime_wasi_http::p2::bindings::http::outgoing_handler::Host as _;
use wasmtime_wasi_http::p2::bindings::http::types::{ErrorCode, Host as _};
use wasmtime_wasi_http::p2::types::{HostFutureIncomingResponse, HostOutgoingRequest};
use wasmtime_wasi_http::{RequestOptions, WasiHttpView};

use super::imports::names::of_host;
use super::{Host, filesystem, trace, waits};

pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    let mut options = LinkOptions::default();
    options.network_error_code(true);
    wasmtime_wasi::p2::add_to_linker_with_options_async(&mut linker, &options)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    // Adding all other interfaces one by one would be longer, and would miss what a later version adds.
    linker.allow_shadowing(true);
    filesystem::link(&mut linker)?;
    waits::link(&mut linker)?;
    link_outgoing_handler(&mut linker)?;
    linker.allow_shadowing(false);
    Ok(linker)
}

/// Replaces `wasi:http/outgoing-handler@0.2`: wasmtime-wasi-http 48 keeps the options that a guest passes with a request
/// in the resource table, which would count as a leak of the guest's.
fn link_outgoing_handler(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    let mut handler = linker.instance(&of_host("wasi:http/outgoing-handler@0.2.0"))?;
    handler.func_wrap("handle", |mut store: StoreContextMut<'_, Host>, (request, options)| {
        trace::note("outgoing-handler", "handle");
        Ok((handle(store.data_mut(), request, options)?,))
    })
}

type Answered = Result<Resource<HostFutureIncomingResponse>, ErrorCode>;

fn handle(
    host: &mut Host,
    request: Resource<HostOutgoingRequest>,
    options: Option<Resource<RequestOptions>>,
) -> wasmtime::Result<Answered> {
    let entry = options.as_ref().map(Resource::rep);
    let answered = host.http().handle(request, options);
    if let Some(entry) = entry {
        host.table.delete(Resource::<RequestOptions>::new_own(entry))?;
    }
    match answered {
        Ok(response) => Ok(Ok(response)),
        Err(error) => Ok(Err(host.http().convert_error_code(error)?)),
    }
}
