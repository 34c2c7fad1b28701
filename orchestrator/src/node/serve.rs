//! Serving clients: each request is refused, answered from the store, or admitted as a saga. Jobs and customers are
//! shown from what is durable only.

use super::grant::Read;
use super::{Node, ReadFor, SagaId};
use crate::customer::decode;
use crate::customer::row::{self, CustomerRow, JobRow, KeyRow, Standing};
use crate::effect::{Effect, Expect};
use crate::event::Row;
use crate::gateway::answer::{self, JobBody, JobResult};
use crate::gateway::route::{Route, route};
use crate::gateway::{operators, validate};
use crate::message::{Request, Response};
use crate::saga::journal;
use crate::time::Instant;

impl Node {
    /// Serves one client's request.
    pub(super) fn serve(&mut self, exchange: u64, request: Request, effects: &mut Vec<Effect>) {
        if request.target.starts_with(operators::PREFIX) {
            return self.operate(exchange, &request, effects);
        }
        let correlation = validate::correlation(&request).unwrap_or_default();
        let response = match route(&request) {
            Route::Saga { kind, cust_no, asynchronous } => match validate::wish(kind, cust_no, &request) {
                Ok(wish) => return self.admit(exchange, wish, asynchronous, &request, effects),
                Err(error) => answer::invalid(&error, correlation),
            },
            Route::Customer(Some(cust_no)) => match validate::customer_number(cust_no) {
                Ok(cust_no) => return self.read(ReadFor::Customer(exchange), row::customer_key(&cust_no), effects),
                Err(error) => answer::invalid(&error, correlation),
            },
            Route::Customer(None) => answer::invalid(&validate::Invalid::Missing(vec!["cust_no"]), correlation),
            Route::Job(job) => match SagaId::parse(job) {
                Some(id) => match self.running_job(id) {
                    Some(response) => response,
                    None => return self.read(self.reads_job(exchange, id), row::job_key(id), effects),
                },
                None => answer::problem(404, "refused", "no such job", correlation),
            },
            Route::WrongMethod => answer::problem(405, "refused", "this path has no such method", correlation),
            Route::Unknown => answer::problem(404, "refused", "no such path", correlation),
        };
        effects.push(Effect::Answer { exchange, response });
    }

    pub(super) fn on_rows(&mut self, now: Instant, purpose: ReadFor, rows: Vec<Row>, effects: &mut Vec<Effect>) {
        match purpose {
            ReadFor::Journals | ReadFor::Life => self.recovered(purpose, &rows, effects),
            ReadFor::Customer(exchange) => {
                let response = customer(&rows);
                effects.push(Effect::Answer { exchange, response });
            }
            ReadFor::Job(exchange) => {
                let response = finished_job(&rows);
                effects.push(Effect::Answer { exchange, response });
            }
            ReadFor::Resent(exchange, id) => {
                let response = match value::<JobRow>(&rows) {
                    Some(job) => answer::answer(job.status, &job.body, &job.correlation),
                    // Another process is at it, or it waits for one.
                    None if self.lease.is_some() && rows.is_empty() => answer::accepted(&id.to_string(), ""),
                    None => answer::problem(500, "unknown", "the answer under this key cannot be read", ""),
                };
                effects.push(Effect::Answer { exchange, response });
            }
            ReadFor::Key(id) => self.on_key_row(id, value::<KeyRow>(&rows), effects),
            ReadFor::Wanted(id) => self.on_wanted_row(now, id, customer_row(&rows), version(&rows), effects),
            ReadFor::Goner(id) => {
                self.on_goner_row(id, Read { row: customer_row(&rows), expect: version(&rows) }, effects);
            }
            ReadFor::Grant(id) => self.on_grant_row(now, id, customer_row(&rows), version(&rows), effects),
            ReadFor::Shared(exchange, id) if rows.is_empty() => {
                self.read(ReadFor::Elsewhere(exchange, id), journal::prefix(id), effects);
            }
            ReadFor::Shared(exchange, _) => {
                let response = finished_job(&rows);
                effects.push(Effect::Answer { exchange, response });
            }
            ReadFor::Elsewhere(exchange, id) => self.on_job_journal(now, exchange, id, &rows, effects),
            ReadFor::Leases => self.on_leases(now, &rows, effects),
            ReadFor::Taken(life) => self.on_taken(now, life, &rows, effects),
            ReadFor::Check(id) => self.on_checked(now, id, &rows, effects),
            ReadFor::Case(exchange, id) => self.on_case(exchange, id, &rows, effects),
            ReadFor::Journal(exchange) => effects.push(Self::on_journal(exchange, &rows)),
            ReadFor::Ended(exchange, id, pressed) => {
                effects.push(Self::on_ended(exchange, id, pressed, value::<JobRow>(&rows).as_ref()));
            }
            ReadFor::Customers(exchange) => self.on_customers(exchange, rows, effects),
            ReadFor::Creations(exchange) => self.on_creations(exchange, &rows, effects),
        }
    }

    /// The job of an unfinished saga.
    fn running_job(&self, id: SagaId) -> Option<Response> {
        let running = self.sagas.get(&id)?;
        if running.rows == 0 {
            return None;
        }
        let saga = &running.saga;
        let parked = saga.parked.is_some();
        let status = running.job_status();
        let error = if running.last_error.is_empty() { None } else { Some(running.last_error) };
        Some(answer::job(&JobBody {
            job_id: id.to_string(),
            operation: saga.began.wish.kind.name(),
            status,
            attempts: saga.volatile.calls,
            last_error: if status == "SUCCEEDED" { None } else { error },
            attention: parked,
            correlation_id: &saga.began.correlation,
            result: running.told.as_ref().map(|(status, body)| JobResult { status: *status, body }),
        }))
    }
}

/// What a commit that rests on the row as read expects of it.
fn version(rows: &[Row]) -> Expect {
    rows.first().map_or(Expect::Absent, |row| Expect::Version(row.version))
}

/// The row's value, where there is one that can be read.
fn value<T: serde::de::DeserializeOwned>(rows: &[Row]) -> Option<T> {
    serde_json::from_slice(&rows.first()?.value).ok()
}

fn customer_row(rows: &[Row]) -> Option<CustomerRow> {
    decode::customer(&rows.first()?.value)
}

fn customer(rows: &[Row]) -> Response {
    match customer_row(rows) {
        Some(CustomerRow { standing: Standing::Active | Standing::Closing, profile, points, .. }) => {
            let key = rows.first().map_or("", |row| row.key.as_str());
            answer::answer(200, &answer::customer_json(row::customer_number(key), &profile, points), "")
        }
        _ => answer::problem(404, "refused", "no such customer", ""),
    }
}

fn finished_job(rows: &[Row]) -> Response {
    let Some(job) = value::<JobRow>(rows) else {
        return answer::problem(404, "refused", "no such job", "");
    };
    let id = rows.first().map_or("", |row| row::job_number(&row.key));
    answer::job(&JobBody {
        job_id: id.to_owned(),
        operation: job.kind.name(),
        status: if job.status < 400 { "SUCCEEDED" } else { "FAILED" },
        attempts: job.attempts,
        last_error: (!job.last_error.is_empty()).then_some(&*job.last_error),
        attention: job.attention,
        correlation_id: &job.correlation,
        result: Some(JobResult { status: job.status, body: &job.body }),
    })
}
