//! A vendor's model mounted on a `wiremock::MockServer`, for tests that have one already: a model handles one request at
//! one instant, so it is a responder of thirty lines.

#![expect(clippy::unwrap_used, reason = "a server that does not answer fails the test")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::time::Instant as RealInstant;

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::support::Support;
use sagaproof_sim::fleet::{Model, Settings};
use sagaproof_sim::wire::{Headers, Method, Request};
use tokio::runtime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Respond, ResponseTemplate};

/// A model as a responder. Its time is that since it was mounted.
struct Mounted<M> {
    model: Mutex<M>,
    began: RealInstant,
}

impl<M: Model> Mounted<M> {
    #[expect(clippy::disallowed_methods, reason = "a model that is served lives in real time")]
    fn new(model: M) -> Self {
        Self { model: Mutex::new(model), began: RealInstant::now() }
    }
}

impl<M: Model + Send + Sync> Respond for Mounted<M> {
    fn respond(&self, asked: &wiremock::Request) -> ResponseTemplate {
        let method = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];
        let Some(method) = method.into_iter().find(|method| method.as_str() == asked.method.as_str()) else {
            return ResponseTemplate::new(405);
        };
        let mut headers = Headers::new();
        for (name, value) in &asked.headers {
            headers.push(name.as_str(), value.to_str().unwrap_or_default());
        }
        let query = asked.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let target = [asked.url.path(), &query].concat();
        let now = Instant(u64::try_from(self.began.elapsed().as_nanos()).unwrap());
        let request = Request { method, target, headers, body: asked.body.clone() };
        let response = self.model.lock().unwrap().handle(now, &request);
        let kind = response.headers.get("content-type").unwrap_or("application/json").to_owned();
        let rest = response.headers.iter().filter(|(name, _)| *name != "content-type");
        let template = rest.fold(ResponseTemplate::new(response.status), |template, (name, value)| {
            template.append_header(name, value)
        });
        template.set_body_raw(response.body, &kind)
    }
}

#[test]
fn a_model_keeps_its_state_behind_a_mock_server() {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(Mounted::new(Support::new(&Settings::default()))).mount(&server).await;
        server
    });
    let ask = |method: &str, target: &str, body: &str| {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        let head = "host: x\r\nauthorization: Bearer simulated-api-token\r\nconnection: close\r\ncontent-type: application/json";
        let length = body.len();
        let request = format!("{method} {target} HTTP/1.1\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let ann = r#"{"user":{"name":"Ann Lee","email":"ann@x.org"}}"#;
    assert!(ask("POST", "/api/v2/users.json", ann).starts_with("HTTP/1.1 201 "));
    assert!(ask("POST", "/api/v2/users.json", ann).starts_with("HTTP/1.1 422 "), "the e-mail is taken");
    let read = ask("GET", "/api/v2/users.json?per_page=1", "");
    assert!(read.contains("x-rate-limit-remaining: 2497") && read.contains("Ann Lee"), "{read}");
}
