//! The resources of WASI: their names, how many of each the guest holds, and new ones for arguments and for the results
//! of stubbed functions.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use wasmtime::component::{Resource, ResourceAny, ResourceTable, ResourceType, Val};
use wasmtime::{AsContextMut, StoreContextMut};
use wasmtime_wasi::filesystem::Descriptor;
use wasmtime_wasi::p2::pipe::{ClosedInputStream, SinkOutputStream};
use wasmtime_wasi::p2::{self, DynInputStream, DynOutputStream, DynPollable, bindings as wasi};
use wasmtime_wasi_http::p2::bindings::http::types::{ErrorCode, Method, Scheme};
use wasmtime_wasi_http::p2::body::{HostFutureTrailers, HostIncomingBody, HostOutgoingBody};
use wasmtime_wasi_http::p2::types::{
    HostFutureIncomingResponse, HostIncomingRequest, HostIncomingResponse, HostOutgoingRequest,
    HostOutgoingResponse, HostResponseOutparam,
};
use wasmtime_wasi_http::{FieldMap, RequestOptions, WasiHttpView, p3};

use super::Host;
use super::files::Listing;
use super::files::Open;
use super::filesystem;
use super::handles::Lent;
use super::ready::always_ready;
use crate::exec::worker::held::held_by;

/// Limit of new header fields in bytes; wasmtime's own is the same.
const FIELDS: usize = 128 << 10;

/// A resource of WASI.
pub(crate) struct Kind {
    /// Interface and resource: `wasi:io/poll pollable`.
    name: &'static str,
    ty: fn() -> ResourceType,
    entry: fn() -> TypeId,
    take: fn(&mut StoreContextMut<'_, Host>, ResourceAny) -> wasmtime::Result<u32>,
    delete: fn(&mut ResourceTable, u32) -> bool,
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A resource that the linker knows as `M`, and of which the resource table holds an `E`.
const fn kind<M: 'static, E: Any>(name: &'static str) -> Kind {
    Kind {
        name,
        ty: ResourceType::host::<M>,
        entry: TypeId::of::<E>,
        take: |store, resource| Ok(Resource::<M>::try_from_resource_any(resource, store)?.rep()),
        delete: |table, entry| table.delete(Resource::<E>::new_own(entry)).is_ok(),
    }
}

/// All resources of WASI that the host implements.
static KINDS: [Kind; 31] = [
    kind::<DynPollable, DynPollable>("wasi:io/poll pollable"),
    kind::<DynInputStream, DynInputStream>("wasi:io/streams input-stream"),
    kind::<DynOutputStream, DynOutputStream>("wasi:io/streams output-stream"),
    kind::<wasmtime::Error, wasmtime::Error>("wasi:io/error error"),
    kind::<Descriptor, Open>("wasi:filesystem/types descriptor"),
    kind::<wasi::filesystem::types::DirectoryEntryStream, Listing>(
        "wasi:filesystem/types directory-entry-stream",
    ),
    same::<wasi::cli::terminal_input::TerminalInput>("wasi:cli/terminal-input terminal-input"),
    same::<wasi::cli::terminal_output::TerminalOutput>("wasi:cli/terminal-output terminal-output"),
    same::<wasmtime_wasi::p3::cli::TerminalInput>("wasi:cli/terminal-input terminal-input"),
    same::<wasmtime_wasi::p3::cli::TerminalOutput>("wasi:cli/terminal-output terminal-output"),
    same::<p2::Network>("wasi:sockets/network network"),
    same::<wasi::sockets::ip_name_lookup::ResolveAddressStream>(
        "wasi:sockets/ip-name-lookup resolve-address-stream",
    ),
    same::<p2::TcpSocket>("wasi:sockets/tcp tcp-socket"),
    same::<p2::UdpSocket>("wasi:sockets/udp udp-socket"),
    same::<wasi::sockets::udp::IncomingDatagramStream>("wasi:sockets/udp incoming-datagram-stream"),
    same::<wasi::sockets::udp::OutgoingDatagramStream>("wasi:sockets/udp outgoing-datagram-stream"),
    same::<wasmtime_wasi::sockets::TcpSocket>("wasi:sockets/types tcp-socket"),
    same::<wasmtime_wasi::sockets::UdpSocket>("wasi:sockets/types udp-socket"),
    same::<FieldMap>("wasi:http/types fields"),
    same::<HostIncomingRequest>("wasi:http/types incoming-request"),
    same::<HostOutgoingRequest>("wasi:http/types outgoing-request"),
    same::<HostIncomingResponse>("wasi:http/types incoming-response"),
    same::<HostOutgoingResponse>("wasi:http/types outgoing-response"),
    same::<HostIncomingBody>("wasi:http/types incoming-body"),
    same::<HostOutgoingBody>("wasi:http/types outgoing-body"),
    same::<HostFutureTrailers>("wasi:http/types future-trailers"),
    same::<HostFutureIncomingResponse>("wasi:http/types future-incoming-response"),
    same::<HostResponseOutparam>("wasi:http/types response-outparam"),
    same::<RequestOptions>("wasi:http/types request-options"),
    same::<p3::Request>("wasi:http/types request"),
    same::<p3::Response>("wasi:http/types response"),
];

/// Resources that only a function of WASI can create.
const NOT_CREATED: [&str; 4] = [
    "wasi:sockets/",
    "wasi:cli/terminal-",
    "wasi:http/types outgoing-body",
    "wasi:filesystem/types directory-entry-stream",
];

const fn same<T: Any>(name: &'static str) -> Kind {
    kind::<T, T>(name)
}

impl Kind {
    /// The resource of WASI that this type is.
    pub(crate) fn of(ty: ResourceType) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| (kind.ty)() == ty)
    }

    /// Whether [`create`] creates one.
    pub(super) fn can_be_created(&self) -> bool {
        NOT_CREATED.iter().all(|prefix| !self.name.starts_with(prefix))
    }

    /// Takes a handle out of its table. If it is owned, deletes what the host keeps for it.
    pub(super) fn release(
        &self,
        store: &mut StoreContextMut<'_, Host>,
        resource: ResourceAny,
    ) -> wasmtime::Result<()> {
        let entry = (self.take)(store, resource)?;
        if resource.owned() {
            let table = &mut store.data_mut().table;
            if (self.ty)() == ResourceType::host::<DynPollable>() {
                use wasmtime_wasi::p2::bindings::io::poll::HostPollable;
                // Also deletes what the pollable waits for.
                return HostPollable::drop(table, Resource::new_own(entry));
            }
            (self.delete)(table, entry);
        }
        Ok(())
    }

    /// Notes that a resource of this kind is lent until the call ends, by its entry in the table.
    pub(crate) fn lend(&self, host: &mut Host, entry: u32) {
        host.handles.lent.insert(entry, Lent { name: self.name, delete: self.delete });
    }
}

/// How many handles of the host's resources the guest holds, by resource: `wasi:io/poll pollable`.
pub(crate) fn held(host: &mut Host) -> BTreeMap<String, u64> {
    let names: BTreeMap<_, _> = KINDS.iter().map(|kind| ((kind.entry)(), kind.name)).collect();
    let mut held = host.handles.stubbed();
    for entry in host.table.iter_mut() {
        if let Some(name) = names.get(&(*entry).type_id()) {
            *held.entry(*name).or_insert(0) += 1;
        }
    }
    for lent in host.handles.lent.values() {
        if let Some(handles) = held.get_mut(lent.name) {
            *handles = handles.saturating_sub(1);
        }
    }
    let held = held.into_iter().filter(|(_, handles)| *handles > 0);
    held.map(|(name, handles)| (name.to_owned(), handles)).collect()
}

/// The types of the entries in the host's table that a resource of this name has; none if it is not one of WASI's.
pub(crate) fn entry_types(resource: &str) -> Vec<TypeId> {
    let kinds = KINDS.iter().filter(|kind| kind.name == resource);
    kinds.map(|kind| (kind.entry)()).collect()
}

/// A new resource of this type for the guest to own, and its entry in the table. `None` if it is not one of WASI's, or
/// cannot be created like this.
pub(crate) fn create(
    store: &mut StoreContextMut<'_, Host>,
    ty: ResourceType,
) -> wasmtime::Result<Option<(ResourceAny, u32)>> {
    let is = |other: ResourceType| ty == other;
    let made = if is(ResourceType::host::<DynPollable>()) {
        let table = &mut store.data_mut().table;
        let ready = table.push(Ready)?;
        own(store, |host| p2::subscribe(&mut host.table, ready))?
    } else if is(ResourceType::host::<DynInputStream>()) {
        entry::<DynInputStream>(store, Box::new(ClosedInputStream))?
    } else if is(ResourceType::host::<DynOutputStream>()) {
        entry::<DynOutputStream>(store, Box::new(SinkOutputStream))?
    } else if is(ResourceType::host::<wasmtime::Error>()) {
        entry(store, wasmtime::Error::msg("made up"))?
    } else if is(ResourceType::host::<Descriptor>()) {
        own(store, filesystem::open_root)?
    } else if is(ResourceType::host::<FieldMap>()) {
        entry(store, FieldMap::new_mutable(FIELDS))?
    } else if is(ResourceType::host::<RequestOptions>()) {
        entry(store, RequestOptions::default())?
    } else if is(ResourceType::host::<HostIncomingRequest>()) {
        let request = http::Request::get("http://localhost/").header("host", "localhost");
        let request = request.body(nothing())?;
        own(store, |host| host.http().new_incoming_request(Scheme::Http, request))?
    } else if is(ResourceType::host::<HostOutgoingRequest>()) {
        let headers = FieldMap::new_mutable(FIELDS);
        let (scheme, authority, path_with_query, body) = Default::default();
        let method = Method::Get;
        let request =
            HostOutgoingRequest { method, scheme, authority, path_with_query, headers, body };
        entry(store, request)?
    } else if is(ResourceType::host::<HostOutgoingResponse>()) {
        let headers = FieldMap::new_mutable(FIELDS);
        entry(store, HostOutgoingResponse { status: http::StatusCode::OK, headers, body: None })?
    } else if is(ResourceType::host::<HostIncomingResponse>()) {
        let headers = FieldMap::new_immutable(store.data_mut().http().hooks, Default::default());
        let body = Some(HostIncomingBody::new(nothing().boxed_unsync()));
        entry(store, HostIncomingResponse { status: 200, headers, body })?
    } else if is(ResourceType::host::<HostIncomingBody>()) {
        entry(store, HostIncomingBody::new(nothing().boxed_unsync()))?
    } else if is(ResourceType::host::<HostFutureTrailers>()) {
        entry(store, HostFutureTrailers::Done(Ok(None)))?
    } else if is(ResourceType::host::<HostFutureIncomingResponse>()) {
        let refused = wasmtime_wasi_http::Error::ConnectionRefused;
        entry(store, HostFutureIncomingResponse::Ready(Err(refused)))?
    } else if is(ResourceType::host::<HostResponseOutparam>()) {
        own(store, |host| host.http().new_response_outparam_from_callback(drop))?
    } else if is(ResourceType::host::<p3::Request>()) {
        let request = http::Request::get("http://localhost/").body(nothing())?;
        let (request, _sent) = p3::Request::from_http(store.data_mut().http().hooks, request);
        entry(store, request)?
    } else if is(ResourceType::host::<p3::Response>()) {
        let response = http::Response::new(nothing());
        let (response, _sent) = p3::Response::from_http(store.data_mut().http().hooks, response);
        entry(store, response)?
    } else {
        return Ok(None);
    };
    Ok(Some(made))
}

/// Sends a response if these are the arguments of `response-outparam.set`, in whatever version. Returns whether they are.
pub(super) fn respond(
    store: &mut StoreContextMut<'_, Host>,
    given: &[Val],
) -> wasmtime::Result<bool> {
    let [Val::Resource(to), Val::Result(response)] = given else { return Ok(false) };
    if to.ty() != ResourceType::host::<HostResponseOutparam>() || !to.owned() {
        return Ok(false);
    }
    let response = match response {
        Ok(Some(value)) => match **value {
            Val::Resource(it) if it.ty() == ResourceType::host::<HostOutgoingResponse>() => it,
            _ => return Ok(false),
        },
        Err(None) => return Ok(false),
        Err(Some(value)) if !held_by(value).is_empty() => return Ok(false),
        Ok(None) => return Ok(false),
        Err(Some(_)) => {
            let to = Resource::<HostResponseOutparam>::try_from_resource_any(*to, &mut *store)?;
            let to = store.data_mut().table.delete(to)?;
            (to.send)(Err(ErrorCode::InternalError(None)));
            return Ok(true);
        }
    };
    let response = Resource::<HostOutgoingResponse>::try_from_resource_any(response, &mut *store)?;
    let to = Resource::<HostResponseOutparam>::try_from_resource_any(*to, &mut *store)?;
    let table = &mut store.data_mut().table;
    let response = table.delete(response)?.try_into()?;
    (table.delete(to)?.send)(Ok(response));
    Ok(true)
}

fn entry<T: Send + 'static>(
    store: &mut StoreContextMut<'_, Host>,
    entry: T,
) -> wasmtime::Result<(ResourceAny, u32)> {
    own(store, |host| Ok(host.table.push(entry)?))
}

fn own<T: 'static>(
    store: &mut StoreContextMut<'_, Host>,
    make: impl FnOnce(&mut Host) -> wasmtime::Result<Resource<T>>,
) -> wasmtime::Result<(ResourceAny, u32)> {
    let made = make(store.data_mut())?;
    let entry = made.rep();
    Ok((made.try_into_resource_any(store.as_context_mut())?, entry))
}

/// An empty body.
fn nothing()
-> impl http_body::Body<Data = Bytes, Error = wasmtime_wasi_http::Error> + Send + 'static {
    Empty::new().map_err(|never: std::convert::Infallible| match never {})
}

/// What a new pollable waits for: it has happened.
struct Ready;

always_ready!(Ready);
