//! A bare hyper server: it reads a body and parses it as JSON, keeps nothing, and answers the same bytes every time.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::thread;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// As long as what the fleet answers.
pub(crate) const ANSWER: &str = include_str!("answer.json");

/// Serves until the process ends: where.
pub(crate) fn start() -> io::Result<SocketAddr> {
    let (told, address) = channel();
    thread::Builder::new().name("bare".to_owned()).spawn(move || {
        Builder::new_current_thread().enable_all().build()?.block_on(async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            // Who asked waits for it.
            let _ = told.send(listener.local_addr()?);
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)));
            }
            #[expect(unreachable_code, reason = "says what the block gives")]
            io::Result::Ok(())
        })
    })?;
    address.recv().map_err(io::Error::other)
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let mut response = Response::new(Full::new(Bytes::from_static(ANSWER.as_bytes())));
    response.headers_mut().insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    if !body.is_empty() {
        *response.status_mut() = match serde_json::from_slice::<Value>(&body) {
            Ok(_) => StatusCode::CREATED,
            Err(_) => StatusCode::BAD_REQUEST,
        };
    }
    Ok(response)
}
