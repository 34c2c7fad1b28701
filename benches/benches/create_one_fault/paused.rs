//! The peer that keeps the clock of tokio paused: everything in one process, calls are function calls that sleep.

use std::future::pending;

use bytes::Bytes;
use http::{Request, Response};
use sagaproof_sim::fleet::System;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::contender::{Case, Contender, Fault, FleetRecords, ONE_WAY, SETTLED, TIME_OUT};
use crate::hardship::{Hardship, Served};
use crate::saga::{NoAnswer, Transport, ask, hub};

/// tokio's paused clock, in process.
pub(crate) struct Paused {
    runtime: Runtime,
}

impl Paused {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self { runtime: Builder::new_current_thread().enable_time().start_paused(true).build()? })
    }
}

impl Contender for Paused {
    fn name(&self) -> &'static str {
        "tokio, paused clock"
    }

    fn records(&mut self, case: &Case) -> FleetRecords {
        self.runtime.block_on(async {
            let began = Instant::now();
            let network = Network(Hardship::new(case.fault));
            sleep(ONE_WAY).await;
            hub(&network, case.seed, ask(&case.customer)).await;
            sleep(ONE_WAY).await;
            if case.fault.is_some_and(Fault::is_late) {
                sleep_until(began + SETTLED).await;
            }
            network.0.records()
        })
    }
}

struct Network(Hardship);

impl Transport for Network {
    async fn call(&self, to: System, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        if self.0.refuses(to, request.uri().path()) {
            sleep(ONE_WAY).await;
            return Err(NoAnswer);
        }
        let exchange = async {
            sleep(ONE_WAY).await;
            let served = self.0.serve(to, request).await;
            sleep(ONE_WAY).await;
            match served {
                Served::Answer(response) => Ok(response),
                Served::Truncated(_) | Served::Reset => Err(NoAnswer),
                Served::Silence => pending().await,
            }
        };
        timeout(TIME_OUT, exchange).await.unwrap_or(Err(NoAnswer))
    }
}
