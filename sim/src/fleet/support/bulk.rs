//! What the help desk does for many records at once: jobs, and how such a job stands. What a request asks for stands
//! beside this, for tickets and for users.

mod read;

use super::super::Fingerprint;
use super::super::job::State;
use super::super::json::{Json, key};
use super::super::target::Query;
use super::write::Fields;
use super::{FIRST_ID, Support, answer, ticket};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// At most so many records in one request.
const MOST: usize = 100;
/// At most so many jobs that run.
const MOST_JOBS: usize = 30;
/// The first half of every job's id; the other half counts.
const FIRST_HALF: &str = "8b726e606741012f";

/// What is asked to be done for many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Many {
    /// `PUT tickets/update_many`
    UpdateTickets,
    /// `POST users/create_many`
    CreateUsers,
    /// `POST users/create_or_update_many`
    CreateOrUpdateUsers,
    /// `PUT users/update_many`
    UpdateUsers,
    /// `DELETE users/destroy_many`
    DeleteUsers,
}

impl Many {
    /// What the desk calls such a job.
    const fn name(self) -> &'static str {
        match self {
            Self::UpdateTickets => "Bulk Update Ticket",
            Self::CreateUsers => "Bulk Create User",
            Self::CreateOrUpdateUsers => "Bulk Create Or Update User",
            Self::UpdateUsers => "Bulk Update User",
            Self::DeleteUsers => "Bulk Delete User",
        }
    }
}

/// A job: its tasks, in order.
#[derive(Debug, Clone)]
pub(super) struct Bulk {
    does: Many,
    tasks: Vec<Task>,
}

/// What is to be done for one record, and what came of it.
#[derive(Debug, Clone)]
struct Task {
    /// Which record, where that is said.
    id: Option<u64>,
    /// Which user, where that is said by the external id.
    external_id: Option<String>,
    /// What the record is to say, in JSON.
    says: String,
    outcome: Option<Outcome>,
}

/// What came of a task.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    id: Option<u64>,
    /// `Created`, `Updated`, `Deleted` or `Failed`.
    status: &'static str,
}

impl Bulk {
    /// Feeds all that it says.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        let Self { does, tasks } = self;
        print.number(*does as u64);
        print.number(tasks.len() as u64);
        for Task { id, external_id, says, outcome } in tasks {
            for number in [*id, outcome.and_then(|outcome| outcome.id)] {
                print.number(number.map_or(0, |number| number.wrapping_add(1)));
            }
            print.bytes(external_id.as_deref().unwrap_or_default().as_bytes());
            print.bytes(says.as_bytes());
            print.bytes(outcome.map_or("", |outcome| outcome.status).as_bytes());
        }
    }
}

/// The first record that a request names by its id.
pub(super) fn first_id(does: Many, request: &Request) -> Option<u64> {
    read::tasks(does, request)?.first()?.id
}

impl Support {
    /// Starts a job for many records: the answer tells of it.
    pub(super) fn do_many(&mut self, now: Instant, does: Many, request: &Request) -> Response {
        let Some(tasks) = read::tasks(does, request).filter(|tasks| (1..=MOST).contains(&tasks.len())) else {
            return answer::bad_request();
        };
        if self.jobs.running().count() >= MOST_JOBS {
            return answer::too_many_jobs();
        }
        let number = self.jobs.start(now, Bulk { does, tasks });
        self.answer_job(request, number, "queued")
    }

    /// `GET job_statuses/{id}`
    pub(super) fn job_status(&self, id: &str, request: &Request) -> Response {
        job_number(id)
            .filter(|&number| self.jobs.get(number).is_some())
            .map_or_else(answer::not_found, |number| self.answer_job(request, number, "working"))
    }

    /// `GET job_statuses`, all or those with these `ids`.
    pub(super) fn job_statuses(&self, request: &Request) -> Response {
        let numbers: Vec<_> = match Query(request.query()).get("ids") {
            Some(ids) => ids.split(',').filter_map(|id| job_number(id.trim())).collect(),
            None => (0..self.jobs.count()).collect(),
        };
        let jobs = numbers.into_iter().filter(|&number| self.jobs.get(number).is_some());
        self.answer_list(
            request,
            key!("job_statuses"),
            jobs.map(|number| (number, number)).collect(),
            |json, &number| {
                self.write_job(json, request, number, "working");
            },
        )
    }

    /// Carries out one job whose time has come.
    pub(super) fn finish_job(&mut self, now: Instant) -> Option<&'static str> {
        let number = self.jobs.due(now)?;
        let job = self.jobs.get_mut(number)?;
        let does = job.what.does;
        let mut tasks = std::mem::take(&mut job.what.tasks);
        let last = if job.fails_half { tasks.len() / 2 } else { tasks.len() };
        for task in &mut tasks[..last] {
            task.outcome = Some(self.carry_out(now, does, task));
        }
        let job = self.jobs.get_mut(number)?;
        job.what.tasks = tasks;
        job.state = if job.fails_half { State::Failed } else { State::Completed };
        Some(if job.fails_half { "a job fails when half of it is done" } else { "a job is done" })
    }

    fn carry_out(&mut self, now: Instant, does: Many, task: &Task) -> Outcome {
        let failed = Outcome { id: task.id, status: "Failed" };
        match does {
            Many::UpdateTickets => {
                let fields = ticket::Fields::of_ticket(&task.says);
                let changed = match (self.ticket_number(task.id), fields) {
                    (Some(number), Some(fields)) => self.change_ticket(now, number, &fields).is_ok(),
                    _ => false,
                };
                if changed { Outcome { id: task.id, status: "Updated" } } else { failed }
            }
            Many::DeleteUsers => {
                let row = self.row_of(task).filter(|&row| self.rows[row].user.active);
                self.delete_one(now, row).map_or(failed, |row| outcome(row, "Deleted"))
            }
            _ => match Fields::of_user(task.says.as_bytes()) {
                Some(fields) => self.write_one(now, does, task, &fields).unwrap_or(failed),
                None => failed,
            },
        }
    }

    fn write_one(&mut self, now: Instant, does: Many, task: &Task, fields: &Fields<'_>) -> Option<Outcome> {
        let known = self.rows.len();
        let written = match does {
            Many::CreateUsers => self.create_from(now, fields),
            Many::CreateOrUpdateUsers => self.create_or_update_from(now, fields),
            _ => self.update_from(now, self.row_of(task)?, fields),
        };
        let status = if self.rows.len() > known { "Created" } else { "Updated" };
        Some(outcome(written.ok()?, status))
    }

    /// The user whom a task names, unless it was purged.
    fn row_of(&self, task: &Task) -> Option<usize> {
        match (task.id, &task.external_id) {
            (Some(id), _) => self.present(&id.to_string()),
            (None, Some(id)) => self.holder_of_external_id(id),
            (None, None) => None,
        }
    }

    fn answer_job(&self, request: &Request, number: usize, while_it_runs: &str) -> Response {
        let mut json = Json::with_capacity(512, self.drift);
        json.open();
        json.open_under(key!("job_status"));
        self.write_job(&mut json, request, number, while_it_runs);
        json.close();
        json.close();
        Response::json(200, json.finish())
    }

    fn write_job(&self, json: &mut Json, request: &Request, number: usize, while_it_runs: &str) {
        let Some(job) = self.jobs.get(number) else { return };
        let Bulk { does, tasks } = &job.what;
        let status = match job.state {
            State::Running => while_it_runs,
            State::Completed => "completed",
            State::Failed => "failed",
        };
        let outcomes = || (0_u64..).zip(tasks).filter_map(|(index, task)| Some((index, task.outcome?)));
        let id = [FIRST_HALF, &format!("{number:016x}")].concat();
        json.text(key!("id"), &id);
        answer::write_url(json, request, "/api/v2/job_statuses/", &id);
        json.text(key!("job_type"), does.name());
        json.plain_number(key!("total"), tasks.len() as u64);
        json.plain_number(key!("progress"), outcomes().count() as u64);
        json.text(key!("status"), status);
        json.null(key!("message"));
        if job.state == State::Running {
            json.null(key!("results"));
            return;
        }
        json.open_list_under(key!("results"));
        outcomes().for_each(|(index, outcome)| write_outcome(json, index, outcome));
        json.close_list();
    }
}

fn outcome(row: usize, status: &'static str) -> Outcome {
    Outcome { id: Some(FIRST_ID + row as u64), status }
}

fn job_number(id: &str) -> Option<usize> {
    usize::from_str_radix(id.strip_prefix(FIRST_HALF)?, 16).ok()
}

fn write_outcome(json: &mut Json, index: u64, outcome: Outcome) {
    let failed = outcome.status == "Failed";
    json.open();
    json.plain_number(key!("index"), index);
    if let Some(id) = outcome.id {
        json.number(key!("id"), id);
    }
    json.flag(key!("success"), !failed);
    json.text(key!("status"), outcome.status);
    if failed {
        json.constant(r#""error":"RecordInvalid","details":"The record could not be changed""#);
    }
    json.close();
}
