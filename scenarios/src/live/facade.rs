//! The facade of an orchestrator that runs somewhere, spoken to over HTTP/1.1. What its answers mean is the checkers'.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper::{HeaderMap, Uri};
use hyper_util::rt::TokioIo;
use sagaproof_sim::wire::{Answer, CallError, Headers, Method, Request, Response};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// An answer may take so long, where nobody says otherwise, and have so many bytes.
const PATIENCE: Duration = Duration::from_secs(5);
const MOST: usize = 1 << 20;

/// Where a facade is.
#[derive(Debug, Clone)]
pub struct Facade {
    authority: String,
    /// What stands before `/api`; without a slash at its end.
    prefix: String,
}

impl Facade {
    /// Reads its URL.
    ///
    /// # Errors
    /// Where it is none, or not of HTTP.
    pub fn at(url: &str) -> Result<Self, String> {
        let wrong = || format!("`{url}` is no address of a facade: write it as http://127.0.0.1:8080");
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let authority = uri.authority().filter(|_| uri.scheme_str() == Some("http")).ok_or_else(wrong)?;
        let port = authority.port_u16().unwrap_or(80);
        let host = authority.host();
        Ok(Self { authority: format!("{host}:{port}"), prefix: uri.path().trim_end_matches('/').to_owned() })
    }

    /// That of an orchestrator that listens there.
    #[must_use]
    pub fn of(address: SocketAddr) -> Self {
        Self { authority: address.to_string(), prefix: String::new() }
    }

    /// Host and port.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// A connection to it.
    ///
    /// # Errors
    /// Where nobody listens.
    pub async fn connect(&self) -> io::Result<TcpStream> {
        TcpStream::connect(&self.authority).await
    }

    /// What it answers. An orchestrator that cannot be reached at all is told apart from one that gives no answer.
    pub(super) async fn read(&self, request: &Request) -> Result<Answer, String> {
        let stream = match timeout(PATIENCE, self.connect()).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(format!("the facade at {} cannot be reached: {error}", self.authority)),
            Err(_) => return Err(format!("the facade at {} cannot be reached: it takes too long", self.authority)),
        };
        Ok(timeout(PATIENCE, self.ask(stream, request)).await.unwrap_or(Err(CallError::TimedOut)))
    }

    /// Sends a request over this connection, and waits for the answer.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn ask(&self, stream: TcpStream, request: &Request) -> Answer {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| CallError::Reset)?;
        let driven = tokio::spawn(connection);
        let heard = async {
            let response = sender.send_request(self.request(request)?).await.map_err(|_| CallError::Reset)?;
            let (status, headers) = (response.status().as_u16(), headers(response.headers()));
            let body = Limited::new(response.into_body(), MOST).collect().await.map_err(|_| CallError::Truncated)?;
            Ok(Response { status, headers, body: body.to_bytes().into() })
        };
        let heard = heard.await;
        driven.abort();
        heard
    }

    fn request(&self, request: &Request) -> Result<hyper::Request<Full<Bytes>>, CallError> {
        let method = match request.method {
            Method::Get => hyper::Method::GET,
            Method::Post => hyper::Method::POST,
            Method::Put => hyper::Method::PUT,
            Method::Patch => hyper::Method::PATCH,
            Method::Delete => hyper::Method::DELETE,
        };
        let sent = hyper::Request::builder().method(method).uri([&self.prefix, request.target.as_str()].concat());
        let sent = request
            .headers
            .iter()
            .fold(sent.header(HOST, &self.authority), |sent, (name, value)| sent.header(name, value));
        sent.body(Full::new(Bytes::from(request.body.clone()))).map_err(|_| CallError::NotSent)
    }
}

/// The headers of an answer; those are left out that are no text.
fn headers(heard: &HeaderMap) -> Headers {
    let mut headers = Headers::new();
    for (name, value) in heard {
        if let Ok(value) = value.to_str() {
            headers.push(name.as_str(), value);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facade_has_an_http_address_perhaps_with_a_path() {
        let at = |url| Facade::at(url).map(|facade| (facade.authority, facade.prefix));
        assert_eq!(at("http://127.0.0.1:8080"), Ok(("127.0.0.1:8080".to_owned(), String::new())));
        assert_eq!(at("http://hub/v1/"), Ok(("hub:80".to_owned(), "/v1".to_owned())));
        for wrong in ["", "127.0.0.1:8080", "https://hub", "ftp://hub", "/api"] {
            assert!(at(wrong).unwrap_err().contains("no address of a facade"), "{wrong}");
        }
    }
}
