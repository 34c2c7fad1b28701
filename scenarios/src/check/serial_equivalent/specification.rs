//! The sequential specification: what one operation does to customers when nothing else happens. It is all that the
//! law knows of right and wrong; who may come before whom stands in `search`.

use crate::check::answer::Shown;
use crate::check::outcome::{Act, Turn};
use crate::operation::{Customer, Kind, Patch, Stranger};
use sagaproof_sim::fleet::System;

/// A customer that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) struct Fields<'a> {
    pub(in crate::check) email: &'a str,
    pub(in crate::check) given_name: &'a str,
    pub(in crate::check) family_name: &'a str,
    pub(in crate::check) phone: Option<&'a str>,
}

/// A customer number's state: its customer, if there is one.
pub(in crate::check) type State<'a> = Option<Fields<'a>>;

impl<'a> Fields<'a> {
    /// As a client gave them.
    pub(in crate::check) fn of(customer: &'a Customer) -> Self {
        Self {
            email: &customer.email,
            given_name: &customer.given_name,
            family_name: &customer.family_name,
            phone: customer.phone.as_deref(),
        }
    }

    /// As the facade shows them.
    pub(in crate::check) fn shown(shown: &'a Shown<'_>) -> Self {
        Self {
            email: &shown.email.0,
            given_name: &shown.given_name.0,
            family_name: &shown.family_name.0,
            phone: shown.phone.as_ref().map(|phone| &*phone.0),
        }
    }

    fn patched(self, changes: &'a Patch) -> Self {
        Self {
            email: changes.email.as_deref().unwrap_or(self.email),
            given_name: changes.given_name.as_deref().unwrap_or(self.given_name),
            family_name: changes.family_name.as_deref().unwrap_or(self.family_name),
            phone: changes.phone.as_ref().map_or(self.phone, |phone| phone.as_deref()),
        }
    }

    fn shares_a_key_with(&self, other: &Self) -> bool {
        same_email(self.email, other.email) || (self.phone.is_some() && self.phone == other.phone)
    }

    pub(in crate::check) fn are_shown(&self, shown: &Shown<'_>) -> bool {
        same_email(self.email, &shown.email.0)
            && same_name((self.given_name, self.family_name), (&shown.given_name.0, &shown.family_name.0))
            && self.phone == shown.phone.as_ref().map(|phone| &*phone.0)
    }
}

/// The state of the turn's customer after it; `None` where the specification refuses the turn. `customer` is the
/// place of the turn's customer among `states`.
pub(in crate::check) fn after<'a>(turn: &Turn<'a>, customer: usize, states: &[State<'a>]) -> Option<State<'a>> {
    let now = states.get(customer).copied().flatten();
    match &turn.act {
        Act::Create(wish) => created(Fields::of(wish), customer, states).map(Some),
        Act::Update(changes) => updated(changes, customer, states).map(Some),
        Act::Close => now.map(|_| None),
        Act::Read(shown) => {
            let fits = match (now, shown) {
                (Some(fields), Some(shown)) => fields.are_shown(shown),
                (None, None) => true,
                _ => false,
            };
            fits.then_some(now)
        }
        Act::Impossible(kind) => {
            let possible = match kind {
                Kind::Create(wish) => now.is_none() && created(Fields::of(wish), customer, states).is_some(),
                Kind::Update { changes, .. } => updated(changes, customer, states).is_some(),
                Kind::Close { .. } => now.is_some(),
                Kind::Read { .. } => true,
            };
            (!possible).then_some(now)
        }
    }
}

/// The state of the turn's customer after it, whether or not the specification would allow the turn.
pub(in crate::check) fn forced<'a>(turn: &Turn<'a>, now: State<'a>) -> State<'a> {
    match &turn.act {
        Act::Create(wish) => Some(Fields::of(wish)),
        Act::Update(changes) => now.map(|fields| fields.patched(changes)),
        Act::Close => None,
        Act::Read(_) | Act::Impossible(_) => now,
    }
}

/// A number is given once; to create again exactly what is there gives the same result.
fn created<'a>(wish: Fields<'a>, customer: usize, states: &[State<'a>]) -> Option<Fields<'a>> {
    match states.get(customer).copied().flatten() {
        Some(there) => (there == wish).then_some(there),
        None => free(&wish, customer, states).then_some(wish),
    }
}

fn updated<'a>(changes: &'a Patch, customer: usize, states: &[State<'a>]) -> Option<Fields<'a>> {
    let fields = states.get(customer).copied().flatten()?.patched(changes);
    free(&fields, customer, states).then_some(fields)
}

/// Whether no other customer holds the e-mail or the phone.
fn free(fields: &Fields<'_>, customer: usize, states: &[State<'_>]) -> bool {
    let others = states.iter().enumerate().filter(|(other, _)| *other != customer);
    others.filter_map(|(_, state)| state.as_ref()).all(|other| !fields.shares_a_key_with(other))
}

/// Whether a stranger holds a key that the operation asks for.
pub(in crate::check) fn is_strangers(kind: &Kind, strangers: &[Stranger]) -> bool {
    let (email, phone) = match kind {
        Kind::Create(customer) => (Some(&*customer.email), customer.phone.as_deref()),
        Kind::Update { changes, .. } => {
            (changes.email.as_deref(), changes.phone.as_ref().and_then(|new| new.as_deref()))
        }
        Kind::Close { .. } | Kind::Read { .. } => return false,
    };
    strangers.iter().any(|stranger| {
        let theirs = &stranger.record;
        let same_phone = phone.is_some() && phone == theirs.phone.as_deref() && stranger.system == System::Commerce;
        same_phone || matches!((email, &theirs.email), (Some(ours), Some(theirs)) if same_email(ours, theirs))
    })
}

/// E-mails are the same in upper and lower case.
pub(in crate::check) fn same_email(one: &str, other: &str) -> bool {
    one == other || one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// Names are the same when given and family name read the same in a row, however they are divided and spaced.
pub(in crate::check) fn same_name(one: (&str, &str), other: (&str, &str)) -> bool {
    one == other || is_whole(one, other) || words_of(one).eq(words_of(other))
}

/// Whether a name that stands whole in its first part is the parts of the other with a blank between: what one `name`
/// field usually holds, seen without taking it apart.
fn is_whole(one: (&str, &str), other: (&str, &str)) -> bool {
    one.1.is_empty() && one.0.strip_prefix(other.0).and_then(|rest| rest.strip_prefix(' ')) == Some(other.1)
}

fn words_of<'n>(name: (&'n str, &'n str)) -> impl Iterator<Item = &'n str> {
    name.0.split_whitespace().chain(name.1.split_whitespace())
}
