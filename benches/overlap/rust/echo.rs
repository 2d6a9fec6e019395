//! Answers each request with its own path, after a wait.

use wasip3::http::types::{ErrorCode, Fields, Request, Response};
use wasip3::{clocks::monotonic_clock, wit_bindgen, wit_future, wit_stream};

wasip3::http::service::export!(Server);

struct Server;

impl wasip3::exports::http::handler::Guest for Server {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        let path = request.get_path_with_query().unwrap_or_default();
        monotonic_clock::wait_for(1_000_000).await;
        let (mut body, sent) = wit_stream::new();
        let (trailers, received) = wit_future::new(|| Ok(None));
        let (response, _sent) = Response::new(Fields::new(), Some(sent), received);
        drop(trailers);
        wit_bindgen::spawn_local(async move {
            body.write_all(path.into_bytes()).await;
        });
        Ok(response)
    }
}
