//! The peer that keeps the clock of tokio paused: everything in one process, calls are function calls that sleep.

use std::future::pending;

use bytes::Bytes;
use http::{Request, Response};
use sagaproof_sim::fleet::System;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::contender::{Contender, Customer, Fault, FleetRecords, ONE_WAY, SETTLED, TIME_OUT};
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

    fn run_world(&mut self, seed: u64, fault: Fault) -> FleetRecords {
        self.runtime.block_on(async {
            let began = Instant::now();
            let network = Network(Hardship::new(fault));
            sleep(ONE_WAY).await;
            hub(&network, seed, ask(&Customer::of_the_world())).await;
            sleep(ONE_WAY).await;
            if fault.is_late() {
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
