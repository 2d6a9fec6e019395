//! The network: there is none. An outgoing HTTP request is refused, always in the same way.

use std::future::Future;

use wasmtime_wasi_http::Error;
use wasmtime_wasi_http::RequestOptions;
use wasmtime_wasi_http::Result;
use wasmtime_wasi_http::WasiBody;
use wasmtime_wasi_http::WasiHttpHooks;

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
