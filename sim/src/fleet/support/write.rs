//! Creating, updating and softly deleting users of the help desk, and what it refuses.

use super::super::body::Body;
use super::super::change::Change;
use super::super::json::{Key, key};
use super::super::limiter::Tally;
use super::super::shape::{is_email, tidy_email, tidy_phone};
use super::login::LoginFields;
use super::profile::ProfileFields;
use super::user::{EMAIL, Login, OTHER_KINDS, Role, Row, User, field};
use super::{Support, answer};
use crate::chaos::point::Subject;
use crate::clock::{Instant, Stamp};
use crate::wire::{Request, Response};

/// What a request says about a user. Fields that only the desk writes are ignored.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    name: Change<'a>,
    email: Change<'a>,
    phone: Change<'a>,
    external_id: Change<'a>,
    tags: Option<Vec<String>>,
    verified: Option<bool>,
    role: Change<'a>,
    identities: Vec<LoginFields<'a>>,
    profile: Option<Box<ProfileFields<'a>>>,
}

impl<'a> Fields<'a> {
    /// Reads `{"user": …}`.
    fn of(body: &'a [u8]) -> Option<Self> {
        Body::read(body, |body| body.under("user", Self::read))
    }

    /// Reads a user's fields, without the envelope.
    pub(super) fn of_user(body: &'a [u8]) -> Option<Self> {
        Body::read(body, Self::read)
    }

    /// Those of somebody of whom only this is known.
    pub(super) fn named(name: &'a str, email: &'a str) -> Self {
        Self { name: Change::Set(name.into()), email: Change::Set(email.into()), ..Self::default() }
    }

    fn read(body: &mut Body<'a>) -> Option<Self> {
        let mut fields = Self::default();
        body.object(|name, body| {
            let field = match name {
                "name" => &mut fields.name,
                "email" => &mut fields.email,
                "phone" => &mut fields.phone,
                "external_id" => &mut fields.external_id,
                "role" => &mut fields.role,
                "tags" => return body.words().map(|tags| fields.tags = tags),
                "verified" => return body.truth().map(|verified| fields.verified = verified),
                "identities" => {
                    return body.list(|body| LoginFields::read(body).map(|login| fields.identities.push(login)));
                }
                _ => return ProfileFields::read(&mut fields.profile, name, body),
            };
            *field = body.scalar()?;
            Some(())
        })?;
        Some(fields)
    }
}

/// One thing that is wrong with a user.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) field: Key,
    pub(super) description: String,
    pub(super) code: &'static str,
}

impl Fault {
    /// A field has no value.
    pub(super) fn blank(field: Key, label: &str) -> Self {
        Self { field, description: [label, ": cannot be blank"].concat(), code: "BlankValue" }
    }

    /// Another user holds the value.
    pub(super) fn duplicate(field: Key, label: &str, value: &str) -> Self {
        let description = [label, ": ", value, " is already being used by another user"].concat();
        Self { field, description, code: "DuplicateValue" }
    }

    /// The value is not what it should be.
    pub(super) fn malformed(field: Key, label: &str, value: &str) -> Self {
        Self { field, description: [label, ": ", value, " is not properly formatted"].concat(), code: "InvalidValue" }
    }

    /// The value is none of those that there are.
    pub(super) fn unlisted(field: Key, label: &str, value: &str) -> Self {
        Self { field, description: [label, ": ", value, " is not included in the list"].concat(), code: "InvalidValue" }
    }
}

/// The row of a user that was written, or why it was not.
pub(super) type Written = Result<usize, Response>;

impl Support {
    /// `POST users`
    pub(super) fn create(&mut self, now: Instant, request: &Request) -> Response {
        let Some(fields) = Fields::of(&request.body) else {
            return answer::bad_request();
        };
        let written = self.create_from(now, &fields);
        self.tell(request, 201, written)
    }

    /// Tells of a user that was written, or why it was not.
    fn tell(&self, request: &Request, status: u16, written: Written) -> Response {
        written.map_or_else(|refusal| refusal, |row| self.answer_user(request, status, row))
    }

    /// Adds a user who says this.
    pub(super) fn create_from(&mut self, now: Instant, fields: &Fields<'_>) -> Written {
        let mut user = User { active: true, ..User::default() };
        self.apply(fields, &mut user);
        for login in &fields.identities {
            self.push_login(&mut user, login.kind(), login.value(), login.is_verified());
        }
        self.judge(fields, &user, None)?;
        Ok(self.insert(now, self.index.shown_from(now), user))
    }

    /// Adds a user that is known to be valid.
    pub(super) fn insert(&mut self, now: Instant, shown_from: Instant, user: User) -> usize {
        let row = self.rows.len();
        user.enter(&mut self.keys, row as u32);
        self.count_logins(&user);
        self.rows.push(Row {
            subject: user.email().map_or(Subject::NONE, |login| Subject::of(login.value.as_bytes())),
            user,
            tickets: Vec::new(),
            created: Stamp::at(now),
            updated: Stamp::at(now),
            shown_from,
            updates: Tally::default(),
        });
        row
    }

    /// `PUT users/{id}`
    pub(super) fn update(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let Some(row) = self.present(id) else { return answer::not_found() };
        if let Err(wait) = self.update_limit().take(&mut self.rows[row].updates, now) {
            return answer::throttled(wait);
        }
        let Some(fields) = Fields::of(&request.body) else {
            return answer::bad_request();
        };
        let written = self.update_from(now, row, &fields);
        self.tell(request, 200, written)
    }

    /// Writes this into a user.
    pub(super) fn update_from(&mut self, now: Instant, row: usize, fields: &Fields<'_>) -> Written {
        if !self.rows[row].user.active {
            let description = "User is deleted".to_owned();
            return Err(answer::invalid(&[Fault { field: key!("base"), description, code: "RecordDeleted" }]));
        }
        let mut user = self.rows[row].user.clone();
        self.apply(fields, &mut user);
        self.judge(fields, &user, Some(row))?;
        self.replace(now, row, user);
        Ok(row)
    }

    /// Refuses what is wrong with a user, new or in place of a row, to whom a request's fields were applied.
    fn judge(&self, fields: &Fields<'_>, user: &User, row: Option<usize>) -> Result<(), Response> {
        let mut faults = self.check(user, row);
        if let Some(role) = fields.role.value().filter(|role| Role::of(role).is_none()) {
            faults.push(Fault::unlisted(key!("role"), "Role", role));
        }
        if faults.is_empty() { Ok(()) } else { Err(answer::invalid(&faults)) }
    }

    /// `POST users/create_or_update`: whoever has this external id or e-mail is updated.
    pub(super) fn create_or_update(&mut self, now: Instant, request: &Request) -> Response {
        let Some(fields) = Fields::of(&request.body) else {
            return answer::bad_request();
        };
        let known = self.rows.len();
        let written = self.create_or_update_from(now, &fields);
        let status = if self.rows.len() > known { 201 } else { 200 };
        self.tell(request, status, written)
    }

    /// Writes this into whoever it names, or adds a user who says it.
    pub(super) fn create_or_update_from(&mut self, now: Instant, fields: &Fields<'_>) -> Written {
        match self.holder_of(fields) {
            Some(row) => self.update_from(now, row, fields),
            None => self.create_from(now, fields),
        }
    }

    /// Whom these fields name: by external id, else by e-mail.
    pub(super) fn holder_of(&self, fields: &Fields<'_>) -> Option<usize> {
        let by_id = fields.external_id.value().and_then(|id| self.holder_of_external_id(id));
        by_id.or_else(|| fields.email.value().and_then(|email| self.holder_of_login(EMAIL, email.trim())))
    }

    /// `DELETE users/{id}`: softly. The user keeps its logins and external id until it is purged.
    pub(super) fn delete(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let deleted = self.delete_one(now, self.active(id));
        self.tell(request, 200, deleted)
    }

    /// Deletes a user softly, if there is one.
    pub(super) fn delete_one(&mut self, now: Instant, row: Option<usize>) -> Written {
        let Some(row) = row else { return Err(answer::not_found()) };
        let mut user = self.rows[row].user.clone();
        if self.rows[row].tickets.iter().any(|&ticket| !self.tickets[ticket as usize].is_closed()) {
            let description = [&user.name, " is requester on tickets that are not closed."].concat();
            return Err(answer::invalid(&[Fault { field: key!("base"), description, code: "InvalidValue" }]));
        }
        user.active = false;
        self.replace(now, row, user);
        Ok(row)
    }

    /// Writes a new version of a row.
    pub(super) fn replace(&mut self, now: Instant, number: usize, user: User) {
        self.count_logins(&user);
        let row = &mut self.rows[number];
        row.user.strike(&mut self.keys, number as u32);
        user.enter(&mut self.keys, number as u32);
        let was = std::mem::replace(&mut row.user, user);
        row.shown_from = self.index.supersede(now, number as u32, row.shown_from, was);
        row.updated = Stamp::at(now);
    }

    /// Numbers of logins are never used again, so what a written user bears raises the next one.
    fn count_logins(&mut self, user: &User) {
        let next = user.logins.iter().map(|login| login.number + 1).max();
        self.logins = self.logins.max(next.unwrap_or(0));
    }

    /// Writes a request's fields into a user. An e-mail is *added*: only `make_primary` changes which one is primary.
    fn apply(&self, fields: &Fields<'_>, user: &mut User) {
        fields.name.apply(&mut user.name);
        fields.phone.apply_optional(&mut user.phone, tidy_phone);
        fields.external_id.apply_optional(&mut user.external_id, str::to_owned);
        user.role = fields.role.value().and_then(Role::of).unwrap_or(user.role);
        if let Some(tags) = &fields.tags {
            user.tags.clone_from(tags);
        }
        if let Some(email) = fields.email.value().filter(|email| !email.is_empty()) {
            self.push_login(user, EMAIL, email, fields.verified.unwrap_or(false));
        }
        if fields.verified == Some(true)
            && fields.email.value().is_none()
            && let Some(primary) = user.logins.iter_mut().find(|login| login.primary)
        {
            primary.verified = true;
        }
        if let Some(profile) = &fields.profile {
            profile.apply(user.profile.get_or_insert_default());
        }
    }

    /// Adds a login that the user does not have yet.
    pub(super) fn push_login(&self, user: &mut User, kind: &str, value: &str, verified: bool) {
        let value = if kind == EMAIL { tidy_email(value) } else { value.to_owned() };
        if user.holds(kind, &value) {
            return;
        }
        let number = user.logins.iter().map(|login| login.number + 1).max().unwrap_or(0).max(self.logins);
        user.logins.push(Login { number, kind: kind.to_owned(), value, verified, primary: false });
        user.settle_primary();
    }

    /// What is wrong with a user, new or in place of a row.
    pub(super) fn check(&self, user: &User, row: Option<usize>) -> Vec<Fault> {
        let mut faults = Vec::new();
        let taken = |holder: Option<usize>| holder.is_some() && holder != row;
        if user.name.trim().is_empty() {
            faults.push(Fault::blank(key!("name"), "Name"));
        }
        for login in &user.logins {
            let (field, label) =
                if login.kind == EMAIL { (key!("email"), "Email") } else { (key!("identities"), "Value") };
            if login.kind == EMAIL && !is_email(&login.value) {
                faults.push(Fault::malformed(field, label, &login.value));
            } else if login.kind != EMAIL && !OTHER_KINDS.contains(&&*login.kind) {
                faults.push(Fault::unlisted(field, "Type", &login.kind));
            } else if taken(self.holder_of_login(&login.kind, &login.value)) {
                faults.push(Fault::duplicate(field, label, &login.value));
            }
        }
        if let Some(id) = user.external_id.as_deref().filter(|id| taken(self.holder_of_external_id(id))) {
            faults.push(Fault::duplicate(key!("external_id"), "External", id));
        }
        faults
    }

    /// Who has this login, softly deleted or not.
    pub(super) fn holder_of_login(&self, kind: &str, value: &str) -> Option<usize> {
        self.keys.candidates(field::LOGIN, value).find(|&row| self.rows[row].user.holds(kind, value))
    }

    /// Who has this external id, softly deleted or not; letters count without case.
    pub(super) fn holder_of_external_id(&self, id: &str) -> Option<usize> {
        let held =
            |row: &usize| self.rows[*row].user.external_id.as_deref().is_some_and(|held| held.eq_ignore_ascii_case(id));
        self.keys.candidates(field::EXTERNAL_ID, id).find(held)
    }
}
