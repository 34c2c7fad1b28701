//! What the world does to the help desk besides requests: seeds, tickets, losses, quotas, lag, drift.

use super::super::{Condition, Control, OTHER_NAME, SeedRecord};
use super::ticket::FIRST_TICKET_ID;
use super::user::{EMAIL, Role, User};
use super::{FIRST_ID, Support};
use crate::clock::{Instant, Nanos};

impl Support {
    /// Carries out a control; answers with the id of what it added. The API token never expires, so revoking does
    /// nothing here; nor does parting, for a merge is for good.
    pub(super) fn outside(&mut self, now: Instant, control: &Control) -> Option<String> {
        match control {
            Control::Seed(seed) => return self.seed(now, seed),
            Control::AddChild(cust_no) => return self.ticket_of(now, cust_no),
            Control::Lose(cust_no) => {
                if let Some(row) = self.live(cust_no) {
                    self.replace(now, row, User::purged());
                }
            }
            Control::Rename(cust_no) => {
                if let Some(row) = self.live(cust_no) {
                    let user = User { name: OTHER_NAME.to_owned(), ..self.rows[row].user.clone() };
                    self.replace(now, row, user);
                }
            }
            Control::Bar(cust_no) => {
                if let Some(row) = self.live(cust_no) {
                    let user = User { role: Role::Agent, ..self.rows[row].user.clone() };
                    self.replace(now, row, user);
                }
            }
            Control::NextJob(course) => self.jobs.expect(Some(*course)),
            Control::JobsEndBy(latest) => self.jobs.end_by(*latest),
            Control::RevokeTokens | Control::Part(_) => {}
            Control::ExhaustQuota(until) => self.requests.exhaust(*until),
            Control::IndexLag(lag) => self.index.set_lag(Nanos(*lag)),
            Control::Drift(on) => self.drift = *on,
        }
        None
    }

    /// Adds a user unless the desk's own rules forbid it. What stood before the world began, searches show at once.
    fn seed(&mut self, now: Instant, seed: &SeedRecord) -> Option<String> {
        let name = [seed.given_name.trim(), seed.family_name.trim()].join(" ").trim().to_owned();
        let mut user = User {
            name: if name.is_empty() { seed.email.clone().unwrap_or_default() } else { name },
            phone: seed.phone.clone(),
            external_id: seed.tag.clone(),
            active: true,
            ..User::default()
        };
        if let Some(email) = &seed.email {
            self.push_login(&mut user, EMAIL, email, true);
        }
        if !self.check(&user, None).is_empty() {
            return None;
        }
        let shown_from = if now == Instant::ZERO { now } else { self.index.shown_from(now) };
        let row = self.insert(now, shown_from, user);
        for _ in 0..seed.children {
            self.add_ticket(now, Some(row as u32), "A question".to_owned());
        }
        Some((FIRST_ID + row as u64).to_string())
    }

    /// Adds a ticket to the live user with this number.
    fn ticket_of(&mut self, now: Instant, cust_no: &str) -> Option<String> {
        let row = self.live(cust_no)?;
        let ticket = self.add_ticket(now, Some(row as u32), "A question".to_owned());
        Some((FIRST_TICKET_ID + u64::from(ticket)).to_string())
    }

    fn live(&self, cust_no: &str) -> Option<usize> {
        self.rows.iter().position(|row| {
            let owner = row.user.external_id.as_deref().and_then(|tag| tag.split('/').next());
            owner == Some(cust_no) && row.user.condition() == Condition::Live
        })
    }
}
