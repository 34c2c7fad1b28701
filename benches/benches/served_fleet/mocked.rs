//! wiremock, which runs a server on a thread of its own: it answers the same bytes as the bare one, and records nothing.

use std::io;
use std::net::SocketAddr;

use tokio::runtime::{Builder, Runtime};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::bare::ANSWER;

/// A server that runs as long as this is held.
pub(crate) struct Mocked {
    pub(crate) address: SocketAddr,
    _server: MockServer,
    _runtime: Runtime,
}

impl Mocked {
    pub(crate) fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let server = runtime.block_on(async {
            let server = MockServer::builder().disable_request_recording().start().await;
            let answer = |status| ResponseTemplate::new(status).set_body_raw(ANSWER, "application/json");
            let create = Mock::given(method("POST"));
            let created = move |request: &Request| match request.body_json::<serde_json::Value>() {
                Ok(_) => answer(201),
                Err(_) => answer(400),
            };
            create.respond_with(created).mount(&server).await;
            let read = Mock::given(method("GET"));
            read.respond_with(answer(200)).mount(&server).await;
            server
        });
        Ok(Self { address: *server.address(), _server: server, _runtime: runtime })
    }
}
