//! One exchange between a client and the orchestrator over real HTTP: delivered when its fate says, and heard as its fate
//! lets it be heard.

use std::sync::Arc;
use std::time::Duration;

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::server::{Asking, Hearing};
use sagaproof_sim::wire::{Answer, CallError, Request};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;
use tokio::time::{Instant as RealInstant, sleep_until, timeout, timeout_at};

use super::real;
use crate::live::Facade;

/// What comes of an exchange.
#[derive(Debug)]
pub(super) enum Heard {
    /// A connection for it was taken: from now on it may take effect.
    TakenIn {
        /// Its number.
        exchange: u64,
    },
    /// The client was answered, or gave up.
    Told {
        /// The operation's id.
        operation: u32,
        /// Its number.
        exchange: u64,
        /// What it heard.
        answer: Answer,
    },
}

/// An exchange that begins now.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) operation: u32,
    pub(super) number: u64,
    pub(super) request: Request,
    pub(super) asking: Asking,
    pub(super) time_out: Nanos,
}

impl Exchange {
    /// Carries it out, until nothing of it can reach the orchestrator any more.
    pub(super) async fn carry_out(self, facade: Arc<Facade>, told: UnboundedSender<Heard>) {
        let Self { operation, number, request, asking, time_out } = self;
        let began = RealInstant::now();
        let deadline = began + real(time_out);
        let request = Arc::new(request);
        let [mut first, second] = asking.deliveries.map(|after| {
            let (facade, request) = (Arc::clone(&facade), Arc::clone(&request));
            let delivery = Delivery { facade, request, number, patience: real(time_out) };
            after.map(|after| tokio::spawn(delivery.at(began + real(after), told.clone())))
        });
        let hears = heard(&asking, began, first.as_mut());
        let answer = timeout_at(deadline, hears).await.ok().flatten();
        // Whoever is told that nobody listens may be sure of it: a second delivery does not follow.
        if let (Some(Err(CallError::Refused)), Some(second)) = (&answer, &second) {
            second.abort();
        }
        let answer = match answer {
            Some(answer) => answer,
            None => {
                sleep_until(deadline).await;
                Err(CallError::TimedOut)
            }
        };
        // Nobody listens any more where the world was given up.
        let _ = told.send(Heard::Told { operation, exchange: number, answer });
        for delivery in first.into_iter().filter(|first| !first.is_finished()).chain(second) {
            let _ = delivery.await;
        }
    }
}

/// What the client hears; `None` where it hears nothing.
async fn heard(asking: &Asking, began: RealInstant, first: Option<&mut JoinHandle<Answer>>) -> Option<Answer> {
    let until = |after: Nanos| sleep_until(began + real(after));
    match asking.hearing {
        Hearing::Nothing => None,
        Hearing::Instead(after) => {
            until(after).await;
            asking.instead()
        }
        Hearing::Answer(not_before) => {
            let answer = first?.await.unwrap_or(Err(CallError::Reset));
            until(not_before).await;
            match answer {
                Ok(response) => asking.disguised(response),
                Err(error) => Some(Err(error)),
            }
        }
    }
}

/// A request on its way.
struct Delivery {
    facade: Arc<Facade>,
    request: Arc<Request>,
    number: u64,
    /// So long its connection stays open without an answer.
    patience: Duration,
}

impl Delivery {
    /// Delivers it then: what comes back.
    async fn at(self, at: RealInstant, told: UnboundedSender<Heard>) -> Answer {
        sleep_until(at).await;
        let Ok(stream) = self.facade.connect().await else { return Err(CallError::Refused) };
        // As above.
        let _ = told.send(Heard::TakenIn { exchange: self.number });
        timeout(self.patience, self.facade.ask(stream, &self.request)).await.unwrap_or(Err(CallError::TimedOut))
    }
}
