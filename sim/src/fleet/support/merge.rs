//! Merging users of the help desk, which nothing undoes: tickets and e-mails go to the winner, and the loser is softly
//! deleted without the rest of what it said.

use super::super::body::Body;
use super::super::json::key;
use super::user::{EMAIL, Role, User};
use super::write::Fault;
use super::{Support, answer};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// Who asked for more tickets than this is not merged away.
const MOST_TICKETS: usize = 10_000;

/// Whom a request names as the winner.
#[derive(Debug, Default)]
struct Winner {
    id: Option<u64>,
    email: Option<String>,
}

impl Winner {
    /// Reads `{"user": {"id": …}}`, or the same with an e-mail.
    fn of(body: &[u8]) -> Option<Self> {
        Body::read(body, |body| {
            body.under("user", |body| {
                let mut winner = Self::default();
                body.object(|name, body| match name {
                    "id" => body.id().map(|id| winner.id = id),
                    "email" => body.scalar().map(|email| winner.email = email.value().map(str::to_owned)),
                    _ => body.skip(),
                })?;
                Some(winner)
            })
        })
    }
}

impl Support {
    /// `PUT users/{id}/merge`: the user in the path is merged into the one in the body.
    pub(super) fn merge(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let Some(loser) = self.active(id) else { return answer::not_found() };
        let Some(named) = Winner::of(&request.body) else { return answer::bad_request() };
        let winner = match (named.id, named.email) {
            (Some(id), _) => self.active(&id.to_string()),
            (None, Some(email)) => self.holder_of_login(EMAIL, &email).filter(|&row| self.rows[row].user.active),
            (None, None) => return answer::bad_request(),
        };
        let Some(winner) = winner else { return answer::not_found() };
        if let Some(refusal) = self.unmergeable(loser, winner) {
            let fault = Fault { field: key!("base"), description: refusal.to_owned(), code: "InvalidValue" };
            return answer::invalid(&[fault]);
        }
        self.unite(now, loser, winner);
        self.answer_user(request, 200, winner)
    }

    /// Why the desk does not merge these two, if it does not.
    fn unmergeable(&self, loser: usize, winner: usize) -> Option<&'static str> {
        if loser == winner {
            return Some("A user cannot be merged with itself");
        }
        if self.rows[loser].tickets.len() > MOST_TICKETS {
            return Some("The user has requested too many tickets to be merged");
        }
        let users = [&self.rows[loser].user, &self.rows[winner].user];
        if users.iter().any(|user| user.role != Role::EndUser) {
            return Some("Only end users can be merged");
        }
        let unreachable = |user: &&User| {
            let reachable = user.logins.iter().any(|login| matches!(&*login.kind, EMAIL | "twitter"));
            !reachable && user.logins.iter().all(|login| !login.verified)
        };
        if users.iter().any(unreachable) {
            return Some("An unverified user without an email or X identity cannot be merged");
        }
        let known_elsewhere = self.single_sign_on && users.iter().any(|user| user.external_id.is_some());
        known_elsewhere.then_some("A user with an external ID cannot be merged on an account with single sign-on")
    }

    fn unite(&mut self, now: Instant, loser: usize, winner: usize) {
        let was = &self.rows[loser].user;
        let emails = was.emails().cloned().map(|mut login| {
            login.primary = false;
            login
        });
        let mut user = self.rows[winner].user.clone();
        user.logins.extend(emails);
        user.settle_primary();
        let left = User { name: was.name.clone(), ..User::default() };
        self.replace(now, loser, left);
        self.replace(now, winner, user);
        let tickets = std::mem::take(&mut self.rows[loser].tickets);
        for &ticket in &tickets {
            self.tickets[ticket as usize].requester = Some(winner as u32);
        }
        self.rows[winner].tickets.extend(tickets);
        self.rows[winner].tickets.sort_unstable();
    }
}
