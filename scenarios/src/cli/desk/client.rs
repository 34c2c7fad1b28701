//! A hub's operator API over HTTP/1.1, an exchange a connection.

use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::runtime::{self, Runtime};
use tokio::time::{sleep, timeout};

use super::wrong;
use crate::cli::Failure;
use crate::cli::hub::told;

/// An answer may take so long: a runbook reads every vendor.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer may have so many bytes.
const MOST: usize = 16 << 20;

/// Who asks a hub.
pub(super) struct Client {
    runtime: Runtime,
    authority: String,
    token: String,
}

impl Client {
    /// For the hub at this address; else at the one that the environment names.
    pub(super) fn of(hub: Option<&str>) -> Result<Self, Failure> {
        let named = told::optional("OPERATOR_URL")?;
        let unsaid = || {
            let fix = "say --hub URL, or set SAGAPROOF_OPERATOR_URL; `sagaproof hub --print-env` prints it";
            wrong("it is not said where the hub is".to_owned(), fix)
        };
        let url = hub.or(named.as_deref()).ok_or_else(unsaid)?;
        let bad = || wrong(format!("`{url}` is no address of a hub"), "write it as http://127.0.0.1:8081");
        let uri: Uri = url.parse().map_err(|_| bad())?;
        let authority = uri.authority().filter(|_| uri.scheme_str() == Some("http")).ok_or_else(bad)?;
        let authority = format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80));
        let token = told::optional("OPERATOR_TOKEN")?.ok_or_else(|| {
            wrong("SAGAPROOF_OPERATOR_TOKEN is not set".to_owned(), "set it to what the hub was started with")
        })?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::Run(format!("nothing can be asked: {error}")))?;
        Ok(Self { runtime, authority, token })
    }

    /// Waits before it asks again.
    pub(super) fn pause(&self, span: Duration) {
        self.runtime.block_on(async { sleep(span).await });
    }

    /// What a page says.
    pub(super) fn get(&self, target: &str) -> Result<Value, Failure> {
        self.ask(Method::GET, target, Vec::new())
    }

    /// What is said to a press.
    pub(super) fn post(&self, target: &str, body: &Value) -> Result<Value, Failure> {
        self.ask(Method::POST, target, body.to_string().into_bytes())
    }

    /// All entries of a list, page by page.
    pub(super) fn pages(&self, target: &str, list: &str) -> Result<Vec<Value>, Failure> {
        let mut all = Vec::new();
        let mut next = self.get(target)?;
        loop {
            if let Value::Array(entries) = next[list].take() {
                all.extend(entries);
            }
            let Some(after) = next["next"].as_str() else { return Ok(all) };
            next = self.get(&format!("{target}&after={after}"))?;
        }
    }

    fn ask(&self, method: Method, target: &str, body: Vec<u8>) -> Result<Value, Failure> {
        let answered = self.runtime.block_on(async { timeout(PATIENCE, self.exchange(method, target, body)).await });
        let unheard = |why: String| Failure::Run(format!("the hub at {} gives no answer: {why}", self.authority));
        let (status, body) = answered.map_err(|_| unheard("it takes too long".to_owned()))?.map_err(unheard)?;
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let detail =
            || told["detail"].as_str().or(told["message"].as_str()).unwrap_or("it does not say why").to_owned();
        match status {
            200..=299 => Ok(told),
            401 => Err(wrong(
                "the hub does not let this operator in".to_owned(),
                "set SAGAPROOF_OPERATOR_TOKEN to what the hub was started with",
            )),
            400..=499 => Err(wrong(detail(), "`sagaproof sagas list` tells what there is, and how it stands")),
            _ => Err(unheard(format!("{status}, {}", detail()))),
        }
    }

    async fn exchange(&self, method: Method, target: &str, body: Vec<u8>) -> Result<(u16, Bytes), String> {
        let told = |error: &dyn std::fmt::Display| error.to_string();
        let stream = TcpStream::connect(&self.authority).await.map_err(|error| told(&error))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| told(&error))?;
        let driven = tokio::spawn(connection);
        let request = Request::builder().method(method).uri(target).header(HOST, &self.authority);
        let request = request.header(AUTHORIZATION, format!("Bearer {}", self.token));
        let request = request.header(CONTENT_TYPE, "application/json").body(Full::new(Bytes::from(body)));
        let response =
            sender.send_request(request.map_err(|error| told(&error))?).await.map_err(|error| told(&error))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), MOST).collect().await.map_err(|error| error.to_string())?;
        driven.abort();
        Ok((status, body.to_bytes()))
    }
}
