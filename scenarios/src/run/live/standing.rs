//! The customers who stand when a world over real HTTP begins: created through the facade while nothing goes wrong, and
//! asked for again, as clients do, while that is open. Who they are is `cast`'s.

use std::time::Duration;

use sagaproof_sim::client::ClientAction;
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::wire::Response;
use serde_json::Value;
use tokio::time::{Instant as RealInstant, sleep};

use super::stage::Stage;
use super::{SHORT, Trial, real};
use crate::operation::Operation;
use crate::workload::{poll_of, request_of};

/// A customer is asked for so long at most.
const PATIENCE: Duration = Duration::from_secs(30);

/// What follows from an answer.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// The customer stands.
    Done,
    /// It is decided by a job: its `Location`.
    Job(String),
    /// It is open: the same is asked again.
    Again,
    /// It will never stand.
    Never,
}

impl Trial {
    /// Has these customers created in fair weather.
    pub(super) async fn seed(&self, stage: &mut Stage, created: &[Operation]) -> Result<(), String> {
        for operation in created {
            self.create(stage, operation).await?;
        }
        let Some(names) = self.names.as_ref().filter(|_| !created.is_empty()) else { return Ok(()) };
        if stage.story.calls == 0 {
            // Who answers first and works afterwards has some time for it.
            sleep(real(self.suited.rest())).await;
            stage.follow()?;
        }
        if stage.story.calls > 0 {
            return Ok(());
        }
        let seen = names.seen();
        Err(format!("customers were acknowledged, yet nothing came to the vendors: {seen} (or it calls other vendors)"))
    }

    async fn create(&self, stage: &mut Stage, operation: &Operation) -> Result<(), String> {
        let (id, time_out, deadline) = (operation.id, self.patience, RealInstant::now() + PATIENCE);
        let mut job: Option<String> = None;
        loop {
            let (route, request) = job.as_deref().map_or_else(|| request_of(operation), poll_of);
            let at = stage.now();
            stage.schedule(vec![ClientAction::Ask { at, operation: id, route, request, time_out }], Nanos::ZERO);
            stage.go_on(None, RealInstant::now() + real(time_out).saturating_mul(2)).await?;
            let heard = stage.story.take_last(id);
            match next(heard.as_ref(), job.is_some()) {
                Next::Done => return Ok(()),
                Next::Job(location) => job = Some(location),
                Next::Again if RealInstant::now() < deadline => {}
                Next::Again | Next::Never => return Err(self.not_created(stage, heard.as_ref())),
            }
            sleep(SHORT).await;
        }
    }

    fn not_created(&self, stage: &Stage, heard: Option<&Response>) -> String {
        let status = heard.map(|response| response.status);
        let told = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let names = self.names.as_ref().filter(|_| status == Some(409));
        let perhaps = names.map_or_else(String::new, |names| format!("\n  perhaps {}", names.seen()));
        let story: String = stage.story.lines().iter().map(|line| format!("\n  {line}")).collect();
        format!("a customer cannot be created where nothing goes wrong: {told} instead of 201{perhaps}{story}")
    }
}

/// What follows from what was heard of a creation, or of its job where there is one.
fn next(heard: Option<&Response>, polled: bool) -> Next {
    let Some(response) = heard else { return Next::Again };
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    if polled {
        return match body["status"].as_str() {
            Some("SUCCEEDED") => Next::Done,
            Some("FAILED") => Next::Never,
            _ => Next::Again,
        };
    }
    match response.status {
        200 | 201 => Next::Done,
        202 => response.headers.get("location").map_or(Next::Never, |location| Next::Job(location.to_owned())),
        409 if response.headers.get("retry-after").is_none() => Next::Never,
        503 if body["outcome"].as_str() == Some("not-applied") => Next::Never,
        408 | 409 | 429 | 500 | 502..=504 => Next::Again,
        _ => Next::Never,
    }
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::client::Clients;

    use super::*;
    use crate::workload::WorkloadClients;

    #[test]
    fn a_customer_stands_when_it_was_acknowledged_and_is_asked_for_again_while_that_is_open() {
        let creation = |status, body: &str| next(Some(&Response::json(status, body)), false);
        let job = |body: &str| next(Some(&Response::json(200, body)), true);
        for stands in [creation(200, "{}"), creation(201, ""), job(r#"{"status":"SUCCEEDED"}"#)] {
            assert_eq!(stands, Next::Done);
        }
        for status in [408, 429, 500, 502, 503, 504] {
            assert_eq!(creation(status, "{}"), Next::Again, "{status}");
        }
        for open in [next(None, false), job(r#"{"status":"RUNNING"}"#), job("<html>")] {
            assert_eq!(open, Next::Again);
        }
        for status in [202, 400, 404, 409, 422, 501] {
            assert_eq!(creation(status, "{}"), Next::Never, "{status}");
        }
        assert_eq!(creation(503, r#"{"outcome":"not-applied"}"#), Next::Never);
        let mut accepted = Response::json(202, "{}");
        accepted.headers.push("location", "/api/jobs/7");
        assert_eq!(next(Some(&accepted), false), Next::Job("/api/jobs/7".to_owned()));
        let (route, request) = poll_of("/api/jobs/7");
        assert_eq!((WorkloadClients::routes()[usize::from(route.0)], &*request.target), ("job", "/api/jobs/7"));
    }
}
