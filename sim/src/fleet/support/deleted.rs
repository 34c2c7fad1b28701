//! The help desk's deleted users: listed with the lag of searches, read freshly, deleted for good.

use super::super::json::key;
use super::user::User;
use super::{Support, answer};
use crate::clock::Instant;
use crate::wire::{Request, Response};

impl Support {
    /// `GET deleted_users`: softly deleted and purged ones; that a purged one lost its name shows after the lag.
    pub(super) fn list_deleted(&self, now: Instant, request: &Request) -> Response {
        let hits = self.shown(now, |user| !user.active);
        self.answer_hits(request, key!("deleted_users"), hits)
    }

    /// `GET deleted_users/{id}`: fresh; a purged user is not found.
    pub(super) fn read_deleted(&self, id: &str, request: &Request) -> Response {
        match self.softly_deleted(id) {
            Some(row) => self.answer_deleted(request, row, &self.rows[row].user),
            None => answer::not_found(),
        }
    }

    /// `DELETE deleted_users/{id}`: for good, after a soft deletion. The answer shows the user as it was.
    pub(super) fn purge(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let Some(row) = self.softly_deleted(id) else { return answer::not_found() };
        if let Err(wait) = self.purge_limit().take(&mut self.purges, now) {
            return answer::throttled(wait);
        }
        let was = self.rows[row].user.clone();
        self.replace(now, row, User::purged());
        self.answer_deleted(request, row, &was)
    }

    fn softly_deleted(&self, id: &str) -> Option<usize> {
        self.present(id).filter(|&row| !self.rows[row].user.active)
    }
}
