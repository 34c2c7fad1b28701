//! The peer on turmoil: the hub, its client and every vendor are hosts that speak HTTP/1.1 by hyper over turmoil's
//! simulated TCP; time advances in ticks of one millisecond.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::io;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use sagaproof_sim::fleet::System;
use tokio::time::{Instant, sleep_until, timeout};
use turmoil::net::{TcpListener, TcpStream};

use crate::contender::{Case, Contender, Fault, FleetRecords, ONE_WAY, SETTLED, TIME_OUT};
use crate::hardship::{Hardship, Served};
use crate::saga::{NoAnswer, Transport, ask, hub};

/// How far time advances at once.
const TICK: Duration = Duration::from_millis(1);
const PORT: u16 = 80;
/// Nobody listens here: a connection is refused.
const CLOSED_PORT: u16 = 81;

/// turmoil and hyper.
pub(crate) struct Ticking;

impl Contender for Ticking {
    fn name(&self) -> &'static str {
        "turmoil + hyper, 1 ms tick"
    }

    fn records(&mut self, case: &Case) -> FleetRecords {
        let hardship = Hardship::new(case.fault);
        let mut world = turmoil::Builder::new()
            .tick_duration(TICK)
            .simulation_duration(Duration::from_secs(600))
            .min_message_latency(ONE_WAY)
            .max_message_latency(ONE_WAY)
            .rng_seed(case.seed)
            .build();
        for system in System::VENDORS {
            let hardship = hardship.clone();
            world.host(system.name(), move || listen(vendor(system, hardship.clone())));
        }
        let (calls, seed) = (hardship.clone(), case.seed);
        world.host(System::Hub.name(), move || {
            let network = Rc::new(Network { hardship: calls.clone(), idle: RefCell::default() });
            listen(move |request| {
                let network = Rc::clone(&network);
                async move { Ok(hub(&*network, seed, request).await.map(Full::new)) }
            })
        });
        let (request, late) = (ask(&case.customer), case.fault.is_some_and(Fault::is_late));
        world.client("client", async move {
            let began = Instant::now();
            exchange(&mut connect(System::Hub.name(), PORT).await?, request).await?;
            if late {
                sleep_until(began + SETTLED).await;
            }
            Ok(())
        });
        let ended = world.run();
        assert!(ended.is_ok(), "a world of {} broke: {ended:?}", self.name());
        hardship.records()
    }
}

/// A vendor's service: what it serves, as hyper sends, resets, cuts or withholds it.
fn vendor(system: System, hardship: Hardship) -> impl Fn(Request<Bytes>) -> Serving + Clone {
    move |request| {
        let hardship = hardship.clone();
        Box::pin(async move {
            match hardship.serve(system, request).await {
                Served::Answer(response) => Ok(response.map(Full::new)),
                Served::Truncated(mut response) => {
                    let length = response.body().len();
                    response.headers_mut().insert("content-length", HeaderValue::from(length + 1));
                    Ok(response.map(Full::new))
                }
                Served::Reset => Err(io::ErrorKind::ConnectionReset.into()),
                Served::Silence => pending().await,
            }
        })
    }
}

type Serving = std::pin::Pin<Box<dyn Future<Output = io::Result<Response<Full<Bytes>>>>>>;

/// Serves every connection to this host.
async fn listen<F, S>(serve: F) -> turmoil::Result
where
    F: Fn(Request<Bytes>) -> S + Clone + 'static,
    S: Future<Output = io::Result<Response<Full<Bytes>>>> + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let serve = serve.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let serve = serve.clone();
            async move { serve(whole(request).await.map_err(io::Error::other)?).await }
        });
        tokio::task::spawn_local(
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
        );
    }
}

async fn whole(request: Request<Incoming>) -> hyper::Result<Request<Bytes>> {
    let (head, body) = request.into_parts();
    Ok(Request::from_parts(head, body.collect().await?.to_bytes()))
}

type Connection = SendRequest<Full<Bytes>>;

async fn connect(host: &str, port: u16) -> turmoil::Result<Connection> {
    let stream = TcpStream::connect((host, port)).await?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::task::spawn_local(connection);
    Ok(sender)
}

async fn exchange(connection: &mut Connection, request: Request<Bytes>) -> turmoil::Result<Response<Bytes>> {
    let (head, body) = connection.send_request(request.map(Full::new)).await?.into_parts();
    Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
}

/// The hub's way to the vendors: one connection each, kept while it works.
struct Network {
    hardship: Hardship,
    idle: RefCell<BTreeMap<System, Connection>>,
}

impl Network {
    async fn send(&self, to: System, request: Request<Bytes>) -> turmoil::Result<Response<Bytes>> {
        if self.hardship.refuses(to, request.uri().path()) {
            connect(to.name(), CLOSED_PORT).await?;
        }
        let idle = self.idle.borrow_mut().remove(&to).filter(|connection| !connection.is_closed());
        let mut connection = match idle {
            Some(connection) => connection,
            None => connect(to.name(), PORT).await?,
        };
        let response = exchange(&mut connection, request).await?;
        self.idle.borrow_mut().insert(to, connection);
        Ok(response)
    }
}

impl Transport for Network {
    async fn call(&self, to: System, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        match timeout(TIME_OUT, self.send(to, request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(_)) | Err(_) => Err(NoAnswer),
        }
    }
}
