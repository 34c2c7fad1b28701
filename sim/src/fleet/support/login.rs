//! A user's logins at the help desk, which the vendor calls identities: listing, adding, promoting, removing.

use super::super::body::Body;
use super::super::change::Change;
use super::super::json::{Json, key};
use super::super::shape::{is_email, tidy_email};
use super::user::{EMAIL, Login, OTHER_KINDS, User};
use super::write::Fault;
use super::{FIRST_ID, Support, answer};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// The id of the first login; later ones count upwards.
pub(super) const FIRST_LOGIN_ID: u64 = 380_000_000_001;

/// What a request says about a login.
#[derive(Debug, Default)]
pub(super) struct LoginFields<'a> {
    kind: Change<'a>,
    value: Change<'a>,
    verified: Option<bool>,
    primary: Option<bool>,
}

impl<'a> LoginFields<'a> {
    pub(super) fn read(body: &mut Body<'a>) -> Option<Self> {
        let mut fields = Self::default();
        body.object(|name, body| match name {
            "type" => body.scalar().map(|kind| fields.kind = kind),
            "value" => body.scalar().map(|value| fields.value = value),
            "verified" => body.truth().map(|verified| fields.verified = verified),
            "primary" => body.truth().map(|primary| fields.primary = primary),
            _ => body.skip(),
        })?;
        Some(fields)
    }

    pub(super) fn kind(&self) -> &str {
        self.kind.value().unwrap_or_default()
    }

    pub(super) fn value(&self) -> &str {
        self.value.value().unwrap_or_default().trim()
    }

    pub(super) fn is_verified(&self) -> bool {
        self.verified.unwrap_or(false)
    }
}

impl Support {
    /// `GET users/{id}/identities`
    pub(super) fn logins_of(&self, id: &str, request: &Request) -> Response {
        match self.present(id) {
            Some(row) => self.answer_logins(row, request),
            None => answer::not_found(),
        }
    }

    /// `POST users/{id}/identities`
    pub(super) fn add_login(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let Some(row) = self.active(id) else { return answer::not_found() };
        let Some(fields) = Body::read(&request.body, |body| body.under("identity", LoginFields::read)) else {
            return answer::bad_request();
        };
        let (kind, value) = (fields.kind(), fields.value());
        if kind.is_empty() || value.is_empty() {
            return answer::invalid(&[Fault::blank(key!("value"), "Value")]);
        }
        if kind != EMAIL && !OTHER_KINDS.contains(&kind) {
            return answer::invalid(&[Fault::unlisted(key!("type"), "Type", kind)]);
        }
        if kind == EMAIL && !is_email(value) {
            return answer::invalid(&[Fault::malformed(key!("value"), "Value", value)]);
        }
        if self.holder_of_login(kind, value).is_some() {
            return answer::invalid(&[Fault::duplicate(key!("value"), "Value", value)]);
        }
        let mut user = self.rows[row].user.clone();
        self.push_login(&mut user, kind, value, fields.is_verified());
        let place = user.logins.len() - 1;
        if fields.primary.unwrap_or(false) {
            promote(&mut user, place);
        }
        self.replace(now, row, user);
        self.answer_login(201, row, place)
    }

    /// `GET users/{id}/identities/{login}`
    pub(super) fn read_login(&self, id: &str, login: &str) -> Response {
        self.place(id, login).map_or_else(answer::not_found, |(row, place)| self.answer_login(200, row, place))
    }

    /// `PUT users/{id}/identities/{login}` changes the value and whether it is verified; `…/verify` only says that it is.
    pub(super) fn update_login(
        &mut self,
        now: Instant,
        id: &str,
        login: &str,
        verify: bool,
        request: &Request,
    ) -> Response {
        let Some((row, place)) = self.place(id, login) else { return answer::not_found() };
        let fields = if verify {
            LoginFields { verified: Some(true), ..LoginFields::default() }
        } else {
            let Some(fields) = Body::read(&request.body, |body| body.under("identity", LoginFields::read)) else {
                return answer::bad_request();
            };
            fields
        };
        let mut user = self.rows[row].user.clone();
        let held = &mut user.logins[place];
        held.verified = fields.verified.unwrap_or(held.verified);
        if !fields.value().is_empty() {
            held.value = if held.kind == EMAIL { tidy_email(fields.value()) } else { fields.value().to_owned() };
        }
        let faults = self.check(&user, Some(row));
        if !faults.is_empty() {
            return answer::invalid(&faults);
        }
        self.replace(now, row, user);
        self.answer_login(200, row, place)
    }

    /// `PUT users/{id}/identities/{login}/request_verification`: a mail goes out, to which nobody reacts here.
    pub(super) fn ask_to_verify(&self, id: &str, login: &str) -> Response {
        self.place(id, login).map_or_else(answer::not_found, |_| Response::json(200, "{}"))
    }

    /// `PUT users/{id}/identities/{login}/make_primary`: answers with the whole list.
    pub(super) fn make_primary(&mut self, now: Instant, id: &str, login: &str, request: &Request) -> Response {
        let Some((row, place)) = self.place(id, login) else { return answer::not_found() };
        let mut user = self.rows[row].user.clone();
        promote(&mut user, place);
        self.replace(now, row, user);
        self.answer_logins(row, request)
    }

    /// `DELETE users/{id}/identities/{login}`. Where the primary e-mail goes, the next one takes its place.
    pub(super) fn remove_login(&mut self, now: Instant, id: &str, login: &str) -> Response {
        let Some((row, place)) = self.place(id, login) else { return answer::not_found() };
        let mut user = self.rows[row].user.clone();
        user.logins.remove(place);
        user.settle_primary();
        self.replace(now, row, user);
        answer::nothing()
    }

    /// The row of an active user with this id, and the place of its login with that id.
    fn place(&self, id: &str, login: &str) -> Option<(usize, usize)> {
        let row = self.active(id)?;
        let number = login.parse::<u64>().ok()?.checked_sub(FIRST_LOGIN_ID)?;
        let place = self.rows[row].user.logins.iter().position(|login| u64::from(login.number) == number)?;
        Some((row, place))
    }

    fn answer_login(&self, status: u16, row: usize, place: usize) -> Response {
        let mut json = Json::with_capacity(256, self.drift);
        json.open();
        json.open_under(key!("identity"));
        write_login(&mut json, row, &self.rows[row].user.logins[place]);
        json.close();
        json.close();
        Response::json(status, json.finish())
    }

    fn answer_logins(&self, row: usize, request: &Request) -> Response {
        let logins = self.rows[row].user.logins.iter().map(|login| (login.number as usize, login)).collect();
        self.answer_list(request, key!("identities"), logins, |json, login| write_login(json, row, login))
    }
}

/// Makes an e-mail the primary one; other kinds of login are never primary.
fn promote(user: &mut User, place: usize) {
    if user.logins[place].kind == EMAIL {
        user.logins.iter_mut().for_each(|login| login.primary = false);
        user.logins[place].primary = true;
    }
}

fn write_login(json: &mut Json, row: usize, login: &Login) {
    json.number(key!("id"), FIRST_LOGIN_ID + u64::from(login.number));
    json.number(key!("user_id"), FIRST_ID + row as u64);
    json.text(key!("type"), &login.kind);
    json.text(key!("value"), &login.value);
    json.flag(key!("verified"), login.verified);
    json.flag(key!("primary"), login.primary);
    json.optional(r#""undeliverable_count":0,"deliverable_state":"deliverable""#);
}
