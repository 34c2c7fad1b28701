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
    pub(in crate::check) points: u64,
    /// The place of the customer that it was merged into: it is gone, yet its login, under its e-mail, is that one's.
    pub(in crate::check) into: Option<usize>,
    /// Whether another's login hangs on its own, since that one was merged into it.
    pub(in crate::check) linked: bool,
}

/// A customer number's state: its customer, if there is or was one.
pub(in crate::check) type State<'a> = Option<Fields<'a>>;

/// The customer that stands, if one does.
pub(in crate::check) fn standing<'a>(state: &State<'a>) -> State<'a> {
    state.filter(|fields| fields.into.is_none())
}

/// The customer that now has what this one had: itself, or whom it was merged into, on and on.
pub(in crate::check) fn heir(mut customer: usize, states: &[State<'_>]) -> usize {
    for _ in 0..states.len() {
        match states.get(customer).and_then(|state| state.as_ref()?.into) {
            Some(into) => customer = into,
            None => return customer,
        }
    }
    customer
}

/// What a turn leaves: its customer's state, and that of the one whom a merge lets go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::check) struct After<'a> {
    pub(in crate::check) state: State<'a>,
    pub(in crate::check) goner: Option<(usize, State<'a>)>,
}

impl<'a> After<'a> {
    const fn of(state: State<'a>) -> Self {
        Self { state, goner: None }
    }

    /// Makes the states what the turn leaves. With a customer that is closed all go who were merged into it: what they had
    /// is its, and whoever is given its number later inherits nothing.
    pub(in crate::check) fn enter(&self, customer: usize, states: &mut [State<'a>]) {
        if self.state.is_none() && states[customer].is_some() {
            let goes = |place: &usize| *place != customer && heir(*place, states) == customer;
            let gone: Vec<usize> = (0..states.len()).filter(goes).collect();
            gone.into_iter().for_each(|place| states[place] = None);
        }
        states[customer] = self.state;
        if let Some((goner, state)) = self.goner {
            states[goner] = state;
        }
    }
}

/// Whom a turn is about, by their places among the states.
#[derive(Debug, Clone, Copy)]
pub(in crate::check) struct Whom {
    pub(in crate::check) customer: usize,
    pub(in crate::check) goner: Option<usize>,
}

impl<'a> Fields<'a> {
    /// As a client gave them.
    pub(in crate::check) fn of(customer: &'a Customer) -> Self {
        Self {
            email: &customer.email,
            given_name: &customer.given_name,
            family_name: &customer.family_name,
            phone: customer.phone.as_deref(),
            points: 0,
            into: None,
            linked: false,
        }
    }

    /// As the facade shows them.
    pub(in crate::check) fn shown(shown: &'a Shown<'_>) -> Self {
        Self {
            email: &shown.email.0,
            given_name: &shown.given_name.0,
            family_name: &shown.family_name.0,
            phone: shown.phone.as_ref().map(|phone| &*phone.0),
            points: shown.loyalty_points,
            into: None,
            linked: false,
        }
    }

    fn patched(self, changes: &'a Patch) -> Self {
        Self {
            email: changes.email.as_deref().unwrap_or(self.email),
            given_name: changes.given_name.as_deref().unwrap_or(self.given_name),
            family_name: changes.family_name.as_deref().unwrap_or(self.family_name),
            phone: changes.phone.as_ref().map_or(self.phone, |phone| phone.as_deref()),
            ..self
        }
    }

    fn shares_a_key_with(&self, other: &Self) -> bool {
        same_email(self.email, other.email) || (self.phone.is_some() && self.phone == other.phone)
    }

    pub(in crate::check) fn are_shown(&self, shown: &Shown<'_>) -> bool {
        same_email(self.email, &shown.email.0)
            && same_name((self.given_name, self.family_name), (&shown.given_name.0, &shown.family_name.0))
            && self.phone == shown.phone.as_ref().map(|phone| &*phone.0)
            && self.points == shown.loyalty_points
    }
}

/// What the turn leaves; `None` where the specification refuses it.
pub(in crate::check) fn after<'a>(turn: &Turn<'a>, whom: Whom, states: &[State<'a>]) -> Option<After<'a>> {
    let customer = whom.customer;
    let was = states.get(customer).copied().flatten();
    let now = standing(&was);
    let state = match &turn.act {
        Act::Create(wish) => created(Fields::of(wish), customer, states).map(Some),
        Act::Update(changes) => updated(changes, customer, states).map(Some),
        Act::Close => now.map(|_| None),
        Act::Merge => return merged(whom, states),
        Act::Read(shown) => {
            let fits = match (now, shown) {
                (Some(fields), Some(shown)) => fields.are_shown(shown),
                (None, None) => true,
                _ => false,
            };
            fits.then_some(was)
        }
        Act::Impossible(kind) => {
            let possible = match kind {
                Kind::Create(wish) => now.is_none() && created(Fields::of(wish), customer, states).is_some(),
                Kind::Update { changes, .. } => updated(changes, customer, states).is_some(),
                Kind::Close { .. } => now.is_some(),
                // Identity links no user to whom others were linked before.
                Kind::Merge { .. } => merged(whom, states).is_some() && !has_links(whom.goner, states),
                Kind::Read { .. } => true,
            };
            (!possible).then_some(was)
        }
    };
    state.map(After::of)
}

/// What the turn leaves, whether or not the specification would allow the turn.
pub(in crate::check) fn forced<'a>(turn: &Turn<'a>, whom: Whom, states: &[State<'a>]) -> After<'a> {
    let was = states.get(whom.customer).copied().flatten();
    After::of(match &turn.act {
        Act::Create(wish) => Some(Fields::of(wish)),
        Act::Update(changes) => was.map(|fields| fields.patched(changes)),
        Act::Close => None,
        Act::Merge => return merged(whom, states).unwrap_or(After::of(was)),
        Act::Read(_) | Act::Impossible(_) => was,
    })
}

/// Both must stand; the one that stays keeps its fields and has the other's points too.
fn merged<'a>(Whom { customer, goner }: Whom, states: &[State<'a>]) -> Option<After<'a>> {
    let there = |place: usize| states.get(place).and_then(standing);
    let place = goner.filter(|goner| *goner != customer)?;
    let (stays, goes) = (there(customer)?, there(place)?);
    Some(After {
        state: Some(Fields { points: stays.points.saturating_add(goes.points), linked: true, ..stays }),
        goner: Some((place, Some(Fields { into: Some(customer), points: 0, ..goes }))),
    })
}

/// Whether another's login hangs on this customer's.
fn has_links(customer: Option<usize>, states: &[State<'_>]) -> bool {
    customer.and_then(|place| states.get(place)?.as_ref()).is_some_and(|fields| fields.linked)
}

/// A number is given once; to create again exactly what is there gives the same result.
fn created<'a>(wish: Fields<'a>, customer: usize, states: &[State<'a>]) -> Option<Fields<'a>> {
    match states.get(customer).and_then(standing) {
        // Points and links are not the client's to give.
        Some(there) => (Fields { points: there.points, linked: there.linked, ..wish } == there).then_some(there),
        None => free(&wish, customer, states).then_some(wish),
    }
}

fn updated<'a>(changes: &'a Patch, customer: usize, states: &[State<'a>]) -> Option<Fields<'a>> {
    let fields = states.get(customer).and_then(standing)?.patched(changes);
    free(&fields, customer, states).then_some(fields)
}

/// Whether no other customer holds the e-mail or the phone. The e-mail of one that was merged away stays taken as long as
/// whom it was merged into stands.
fn free(fields: &Fields<'_>, customer: usize, states: &[State<'_>]) -> bool {
    states.iter().enumerate().all(|(other, state)| match state {
        None => true,
        Some(theirs) if theirs.into.is_none() => other == customer || !fields.shares_a_key_with(theirs),
        Some(gone) => {
            let stands = states.get(heir(other, states)).and_then(standing).is_some();
            !stands || !same_email(fields.email, gone.email)
        }
    })
}

/// Whether a stranger holds a key that the operation asks for.
pub(in crate::check) fn is_strangers(kind: &Kind, strangers: &[Stranger]) -> bool {
    let (email, phone) = match kind {
        Kind::Create(customer) => (Some(&*customer.email), customer.phone.as_deref()),
        Kind::Update { changes, .. } => {
            (changes.email.as_deref(), changes.phone.as_ref().and_then(|new| new.as_deref()))
        }
        Kind::Close { .. } | Kind::Merge { .. } | Kind::Read { .. } => return false,
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

#[cfg(test)]
mod tests {
    use sagaproof_sim::clock::Instant;

    use super::*;
    use crate::check::testing::{close, customer, with_email};

    /// Merges the goner into the one that stays, both by their places.
    fn merge(customer: usize, goner: usize) -> (Act<'static>, Whom) {
        (Act::Merge, Whom { customer, goner: Some(goner) })
    }

    fn only(act: Act<'_>, customer: usize) -> (Act<'_>, Whom) {
        (act, Whom { customer, goner: None })
    }

    fn turn(act: Act<'_>) -> Turn<'_> {
        Turn { operation: 0, cust_no: "", goner: None, act, from: Instant::ZERO, until: Instant::NEVER, must: true }
    }

    /// The states after these turns, of which each must be possible.
    fn run<'a>(mut states: Vec<State<'a>>, turns: impl IntoIterator<Item = (Act<'a>, Whom)>) -> Vec<State<'a>> {
        for (act, whom) in turns {
            let after = after(&turn(act), whom, &states).unwrap();
            after.enter(whom.customer, &mut states);
        }
        states
    }

    fn is_possible(states: &[State<'_>], customer: usize, goner: usize) -> bool {
        let kind = Kind::Merge { cust_no: String::new(), from: String::new() };
        let whom = Whom { customer, goner: Some(goner) };
        after(&turn(Act::Impossible(&kind)), whom, states).is_none()
    }

    #[test]
    fn whom_another_was_linked_to_cannot_be_merged_away_whatever_becomes_of_the_other() {
        let [one, two, three] = ["C1", "C2", "C3"].map(customer);
        let seeded = [&one, &two, &three].map(|customer| Some(Fields::of(customer))).to_vec();
        assert!(is_possible(&seeded, 2, 0));
        let merged = run(seeded, [merge(0, 1)]);
        assert!(!is_possible(&merged, 2, 0) && is_possible(&merged, 0, 2));
        // The number of the one that went may be given again, to another e-mail: the link stays.
        let anew = with_email("C2", "other@x");
        let again = run(merged, [only(Act::Create(&anew), 1)]);
        assert!(!is_possible(&again, 2, 0) && is_possible(&again, 0, 1));
        // With whom it was merged into the link goes, too.
        let closing = close("C1");
        assert!(after(&turn(Act::Impossible(&closing)), only(Act::Close, 0).1, &again).is_none());
        let closed = run(again, [only(Act::Close, 0), only(Act::Create(&one), 0)]);
        assert!(is_possible(&closed, 2, 0));
    }

    #[test]
    fn who_is_given_a_closed_number_inherits_nothing_from_those_who_were_merged_into_it_before() {
        let [one, two, three] = ["C1", "C2", "C3"].map(customer);
        let seeded = [&one, &two, &three].map(|customer| Some(Fields::of(customer))).to_vec();
        let anew = only(Act::Create(&one), 0);
        let turns = [merge(1, 2), merge(0, 1), only(Act::Close, 0), anew];
        let states = run(seeded, turns);
        assert_eq!((states[1], states[2]), (None, None), "they went with the first that had the number");
        let free = only(Act::Create(&two), 1);
        assert!(after(&turn(free.0.clone()), free.1, &states).is_some(), "and their e-mails are free again");
        assert_eq!(heir(2, &run(states, [free, merge(1, 0)])), 2);
    }

    #[test]
    fn a_merge_adds_up_points_and_leaves_nobody_who_could_go_again() {
        let [one, two] = ["C1", "C2"].map(customer);
        let seeded = [(&one, 5), (&two, 7)].map(|(customer, points)| Some(Fields { points, ..Fields::of(customer) }));
        let merged = run(seeded.to_vec(), [merge(0, 1)]);
        assert_eq!(merged[0].unwrap().points, 12);
        assert_eq!((standing(&merged[1]), heir(1, &merged)), (None, 0));
        assert!(!is_possible(&merged, 0, 1) && !is_possible(&merged, 0, 0));
    }
}
