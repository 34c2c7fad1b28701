//! What the world does to the shop besides requests: seeds, strangers' customers, orders, losses, quotas, lag, drift.

use super::super::{Condition, Control, MadeFor, OTHER_NAME, SeedRecord};
use super::customer::Customer;
use super::order::FIRST_ORDER_ID;
use super::write::Invalid;
use super::{Commerce, FIRST_ID};
use crate::clock::{Instant, Nanos};

impl Commerce {
    /// Carries out a control; answers with the id of what it added. The access token never expires, so revoking does
    /// nothing here; nor does parting, for a merge is for good.
    pub(super) fn outside(&mut self, now: Instant, control: &Control) -> Option<String> {
        match control {
            Control::Seed(seed) => return self.seed(now, seed),
            Control::AddChild(cust_no) => return self.order_of(now, cust_no),
            Control::Lose(cust_no) => {
                if let Some(row) = self.live(cust_no) {
                    self.remove(now, row);
                }
            }
            Control::Rename(cust_no) => {
                if let Some(row) = self.live(cust_no) {
                    let customer = Customer { first_name: OTHER_NAME.to_owned(), ..self.rows[row].customer.clone() };
                    self.replace(now, row, customer);
                }
            }
            Control::Bar(cust_no) => {
                if let Some(row) = self.live(cust_no) {
                    self.rows[row].subscribed = true;
                }
            }
            Control::NextJob(course) => self.jobs.expect(Some(*course)),
            Control::JobsEndBy(latest) => self.jobs.end_by(*latest),
            Control::RevokeTokens | Control::Part(_) => {}
            Control::ExhaustQuota(until) => {
                self.bucket.exhaust(*until);
                self.points.exhaust(*until);
            }
            Control::IndexLag(lag) => self.index.set_lag(Nanos(*lag)),
            Control::Drift(on) => self.drift = *on,
        }
        None
    }

    /// Adds a customer unless the shop's own rules forbid it. What stood before the world began, searches show at once.
    fn seed(&mut self, now: Instant, seed: &SeedRecord) -> Option<String> {
        let customer = Customer {
            email: seed.email.as_ref().map(|email| email.to_ascii_lowercase()),
            phone: seed.phone.clone(),
            first_name: seed.given_name.clone(),
            last_name: seed.family_name.clone(),
            tags: seed.tag.as_ref().map_or_else(String::new, |tag| ["owner:", tag].concat()),
            note: None,
        };
        if self.check(&customer, None) != Invalid::default() {
            return None;
        }
        let shown_from = if now == Instant::ZERO { now } else { self.index.shown_from(now) };
        let row = self.insert(now, shown_from, customer);
        for _ in 0..seed.children {
            self.add_order(now, Some(row));
        }
        Some((FIRST_ID + row as u64).to_string())
    }

    /// Adds an order to the live customer with this number.
    fn order_of(&mut self, now: Instant, cust_no: &str) -> Option<String> {
        let row = self.live(cust_no)?;
        let order = self.add_order_for(now, Some(row), MadeFor::Customer(cust_no.to_owned()));
        Some((FIRST_ORDER_ID + u64::from(order)).to_string())
    }

    fn live(&self, cust_no: &str) -> Option<usize> {
        self.rows.iter().position(|row| {
            !row.gone && row.customer.is_owned_by(cust_no) && row.customer.condition() == Condition::Live
        })
    }
}
