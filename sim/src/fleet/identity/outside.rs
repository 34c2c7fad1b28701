//! What the world does to the identity provider besides requests: seeds, losses, revocation, quotas, lag, drift.

use super::super::shape::is_email;
use super::super::{Control, OTHER_NAME, OwnerTag, SeedRecord};
use super::Identity;
use super::metadata::Metadata;
use super::user::User;
use super::write::DATABASE;
use crate::clock::{Instant, Nanos};

impl Identity {
    /// Carries out a control; answers with the id of what it added. Nobody gives a user an identity; there are no jobs.
    pub(super) fn outside(&mut self, now: Instant, control: &Control) -> Option<String> {
        match control {
            Control::Seed(seed) => return self.seed(now, seed),
            Control::AddChild(_) | Control::Bar(_) | Control::NextJob(_) | Control::JobsEndBy(_) => {}
            Control::Lose(cust_no) => {
                if let Some(row) = self.owned_by(cust_no) {
                    self.delete_row(now, row);
                }
            }
            Control::Rename(cust_no) => {
                if let Some(row) = self.owned_by(cust_no) {
                    let user = User { given_name: Some(OTHER_NAME.to_owned()), ..self.rows[row].user.clone() };
                    self.replace(now, row, user);
                }
            }
            Control::Part(cust_no) => {
                if let Some(row) = self.owned_by(cust_no).filter(|&row| !self.rows[row].linked.is_empty()) {
                    self.part(now, row, 0);
                }
            }
            Control::RevokeTokens => self.tokens.revoke(),
            Control::ExhaustQuota(until) => self.bucket.exhaust(*until),
            Control::IndexLag(lag) => self.index.set_lag(Nanos(*lag)),
            Control::Drift(on) => self.drift = *on,
        }
        None
    }

    /// Adds a user unless the tenant's own rules forbid it. What stood before the world began, searches show at once.
    /// A tagged one has the id that its owner would have chosen: the tag with a dot for its slash.
    fn seed(&mut self, now: Instant, seed: &SeedRecord) -> Option<String> {
        let user = User {
            email: Some(seed.email.as_ref()?.to_ascii_lowercase()).filter(|email| is_email(email)),
            given_name: Some(seed.given_name.clone()).filter(|name| !name.is_empty()),
            family_name: Some(seed.family_name.clone()).filter(|name| !name.is_empty()),
            app_metadata: seed.tag.as_ref().map_or_else(Metadata::default, |tag| Metadata::of_text("owner", tag)),
            ..User::default()
        };
        let chosen = seed.tag.as_ref().map(|tag| tag.replace('/', "."));
        let id = self.id_for(DATABASE, chosen.as_deref());
        if user.email.is_none() || self.taken(&id).is_some() || self.is_held(&user, DATABASE, None) {
            return None;
        }
        let shown_from = if now == Instant::ZERO { now } else { self.index.shown_from(now) };
        let row = self.insert(now, shown_from, id, DATABASE, user);
        Some(self.rows[row].id.clone())
    }

    fn owned_by(&self, cust_no: &str) -> Option<usize> {
        let is_its = |text: &str| OwnerTag::parse(text).is_some_and(|tag| tag.cust_no == cust_no);
        self.rows
            .iter()
            .position(|row| row.is_user() && row.user.app_metadata.text("owner").as_deref().is_some_and(is_its))
    }
}
