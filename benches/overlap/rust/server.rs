//! Keeps the path of the current request in a static across a wait: two requests get each other's.

use std::cell::RefCell;

use wasip3::http::types::{ErrorCode, Fields, Request, Response};
use wasip3::{clocks::monotonic_clock, wit_future};

wasip3::http::service::export!(Server);

struct Server;

thread_local! {
    static PATH: RefCell<String> = const { RefCell::new(String::new()) };
}

impl wasip3::exports::http::handler::Guest for Server {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        PATH.set(request.get_path_with_query().unwrap_or_default());
        monotonic_clock::wait_for(1_000_000).await;
        let length = PATH.with_borrow(String::len);
        let (trailers, received) = wit_future::new(|| Ok(None));
        let (response, _sent) = Response::new(Fields::new(), None, received);
        drop(trailers);
        let _set = response.set_status_code(200 + length as u16);
        Ok(response)
    }
}
