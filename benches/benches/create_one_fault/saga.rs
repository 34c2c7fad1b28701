//! The create saga as the peers run it: calls in order with retries and backoff, conflicts looked up by owner tag,
//! compensation in reverse. No journal and no checkers. What a call looks like in a dialect stands in `dialect.rs`.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use sagaproof_sim::chaos::point::mix;
use sagaproof_sim::fleet::System;
use serde::{Deserialize, Serialize};

use crate::contender::{ATTEMPTS, BACKOFF, BACKOFF_CAP, Customer};
use crate::dialect::{self, Reading};
use crate::vendors::answer;

/// Why a call has no readable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoAnswer;

/// How a saga's calls reach their vendors.
pub(crate) trait Transport {
    /// Sends a request and waits for its answer, at most for the time-out.
    async fn call(&self, to: System, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer>;
}

/// The body of `POST /api/customers`.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct NewCustomer {
    cust_no: String,
    email: String,
    given_name: String,
    family_name: String,
    phone: String,
}

/// The client's request.
pub(crate) fn ask(customer: &Customer) -> Request<Bytes> {
    let body = NewCustomer {
        cust_no: customer.cust_no.clone(),
        email: customer.email.clone(),
        given_name: customer.given_name.clone(),
        family_name: customer.family_name.clone(),
        phone: customer.phone.clone(),
    };
    dialect::post("/api/customers", &[("host", "hub"), ("idempotency-key", "create-1")], &body)
}

/// Answers the client's request: 201, or 503 where every effect was taken back.
pub(crate) async fn hub(transport: &impl Transport, seed: u64, request: Request<Bytes>) -> Response<Bytes> {
    let Ok(body) = serde_json::from_slice::<NewCustomer>(request.body()) else {
        return answer(400, Bytes::from_static(br#"{"message":"Missing required request parameters: [cust_no]"}"#));
    };
    let customer = Customer {
        cust_no: body.cust_no.clone(),
        email: body.email.clone(),
        given_name: body.given_name.clone(),
        family_name: body.family_name.clone(),
        phone: body.phone.clone(),
    };
    let mut saga =
        Saga { transport, customer: &customer, token: String::new(), primary: BTreeMap::new(), random: seed };
    if saga.create().await {
        answer(201, serde_json::to_vec(&body).map(Bytes::from).unwrap_or_default())
    } else {
        answer(503, Bytes::from_static(br#"{"outcome":"not-applied"}"#))
    }
}

struct Saga<'a, T> {
    transport: &'a T,
    customer: &'a Customer,
    token: String,
    /// The primary database: whether the customer is active.
    primary: BTreeMap<String, bool>,
    random: u64,
}

impl<T: Transport> Saga<'_, T> {
    async fn create(&mut self) -> bool {
        self.primary.insert(self.customer.cust_no.clone(), false);
        let mut made: Vec<(System, String)> = Vec::with_capacity(3);
        for system in [System::Commerce, System::Support, System::Identity] {
            let token = system != System::Identity || self.fetch_token().await;
            match if token { self.forward(system).await } else { None } {
                Some(id) => made.push((system, id)),
                None => {
                    for (system, id) in made.into_iter().rev() {
                        self.take_back(system, &id).await;
                    }
                    self.primary.remove(&self.customer.cust_no);
                    return false;
                }
            }
        }
        self.primary.insert(self.customer.cust_no.clone(), true);
        self.forward(System::Messaging).await;
        true
    }

    /// Whatever a login is told, it is no answer to the client's wish: it is tried again.
    async fn fetch_token(&mut self) -> bool {
        for attempt in 0..ATTEMPTS {
            let request = |_: &Self| dialect::token_request();
            if let Reading::Done(token) = self.insist(System::Identity, request, dialect::read_token).await {
                self.token = token;
                return true;
            }
            tokio::time::sleep(self.backoff(attempt)).await;
        }
        false
    }

    /// Creates the customer at this vendor, or finds that it is there already; its id there.
    async fn forward(&mut self, system: System) -> Option<String> {
        let mut renewed = false;
        loop {
            let reading = self
                .insist(
                    system,
                    |saga| dialect::create_request(system, saga.customer, &saga.token),
                    |response| dialect::read_created(system, response),
                )
                .await;
            match reading {
                Reading::Done(id) => return Some(id),
                Reading::Conflict => return self.find(system).await,
                Reading::Unauthorized if !renewed && system == System::Identity => {
                    renewed = true;
                    if !self.fetch_token().await {
                        return None;
                    }
                }
                Reading::Refused | Reading::Unauthorized | Reading::Again(_) => return None,
            }
        }
    }

    /// Finds the record that made a create conflict; none where it is not ours.
    async fn find(&mut self, system: System) -> Option<String> {
        let customer = self.customer;
        let found = self
            .insist(
                system,
                |saga| dialect::find_request(system, saga.customer, &saga.token),
                |response| dialect::read_found(system, response, customer),
            )
            .await;
        match found {
            Reading::Done(id) => Some(id),
            _ => None,
        }
    }

    async fn take_back(&mut self, system: System, id: &str) {
        for request in dialect::delete_requests(system, id) {
            self.insist(system, |saga| request.build(&saga.token), dialect::read_deleted).await;
        }
    }

    /// Calls until the answer says something definite, or the budget is spent.
    async fn insist(
        &mut self,
        to: System,
        request: impl Fn(&Self) -> Request<Bytes>,
        read: impl Fn(&Response<Bytes>) -> Reading,
    ) -> Reading {
        for attempt in 0..ATTEMPTS {
            let reading = match self.transport.call(to, request(self)).await {
                Ok(response) => judge(&response, &read),
                Err(NoAnswer) => Reading::Again(None),
            };
            match reading {
                Reading::Again(wait) => tokio::time::sleep(wait.unwrap_or_else(|| self.backoff(attempt))).await,
                Reading::Unauthorized if to != System::Identity => tokio::time::sleep(self.backoff(attempt)).await,
                definite => return definite,
            }
        }
        Reading::Again(None)
    }

    /// Exponential, capped, with full jitter.
    fn backoff(&mut self, attempt: u32) -> Duration {
        self.random = mix(self.random);
        let longest = BACKOFF.saturating_mul(1 << attempt.min(16)).min(BACKOFF_CAP);
        Duration::from_nanos(self.random % (longest.as_nanos() as u64 + 1))
    }
}

/// What every dialect means by a status; a success is read by the dialect.
fn judge(response: &Response<Bytes>, read: impl Fn(&Response<Bytes>) -> Reading) -> Reading {
    match response.status() {
        StatusCode::UNAUTHORIZED => Reading::Unauthorized,
        StatusCode::REQUEST_TIMEOUT => Reading::Again(None),
        StatusCode::TOO_MANY_REQUESTS => {
            let after = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
            Reading::Again(after.map(Duration::from_secs))
        }
        status if status.is_server_error() => Reading::Again(None),
        _ => read(response),
    }
}
