//! Outcomes: the join of an operation's exchanges, and from it the turns that an order of operations is made of.
//! What a turn does to a customer stands in `serial_equivalent`.

use sagaproof_sim::clock::Instant;

use super::answer::{Shown, Sort, Word};
use super::exchanges::Exchange;
use crate::operation::{Customer, Kind, Operation, Patch, Plan};

/// How an operation ended, as its client may conclude.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It took effect between these two moments.
    Acknowledged(Instant, Instant),
    /// It took no effect. The moment is that of the last no; the flag says that it was only bidden to come again.
    Refused { from: Instant, until: Instant, busy: bool },
    /// It takes effect once, at any time from then on, or never.
    Indeterminate(Instant),
    /// As indeterminate, and may even take effect twice: a request without a key reached the hub twice.
    Twice(Instant),
}

/// What a turn does.
#[derive(Debug, Clone)]
pub(super) enum Act<'a> {
    Create(&'a Customer),
    Update(&'a Patch),
    Close,
    /// Whom it lets go stands in the turn.
    Merge,
    /// It shows a customer, or that there is none.
    Read(Option<Shown<'a>>),
    /// It is refused although nothing went wrong: it must have been impossible (fair weather only).
    Impossible(&'a Kind),
}

/// A turn: a place in an order of operations.
#[derive(Debug, Clone)]
pub(super) struct Turn<'a> {
    /// The operation's id.
    pub(super) operation: u32,
    /// Whom it is about.
    pub(super) cust_no: &'a str,
    /// Whom a merge lets go.
    pub(super) goner: Option<&'a str>,
    pub(super) act: Act<'a>,
    /// Not before then.
    pub(super) from: Instant,
    /// Not after then; [`Instant::NEVER`] where `must` is false.
    pub(super) until: Instant,
    /// Whether it has its place in every order, or may be left out.
    pub(super) must: bool,
}

/// The outcomes of one operation: one where it has a key, else one for each time it was sent; none if it never was.
/// `exchanges` are all of the operation's.
pub(super) fn outcomes(operation: &Operation, exchanges: &[&Exchange], mut each: impl FnMut(Outcome)) {
    if operation.key.is_some() {
        let writes = exchanges.iter().filter(|exchange| exchange.sort == Sort::Write);
        if let Some(outcome) = keyed(writes.copied(), exchanges) {
            each(outcome);
        }
        return;
    }
    for (nth, exchange) in exchanges.iter().enumerate().filter(|(_, exchange)| exchange.sort == Sort::Write) {
        if exchange.deliveries > 1 {
            each(Outcome::Twice(exchange.asked));
        } else if exchange.word == Word::Pending {
            let own = |poll: &&&Exchange| poll.sort == Sort::Poll && poll.job == exchange.job;
            each(decided(exchange.asked, exchanges.iter().skip(nth).filter(own).copied()));
        } else {
            each(single(exchange));
        }
    }
}

/// The outcome of an operation whose key is the same every time.
fn keyed<'e>(writes: impl Iterator<Item = &'e Exchange>, exchanges: &[&Exchange]) -> Option<Outcome> {
    let mut joined: Option<Outcome> = None;
    for exchange in writes {
        let one = match single(exchange) {
            // The second delivery may have found open what the first found busy.
            Outcome::Refused { from, .. } if exchange.deliveries > 1 => Outcome::Indeterminate(from),
            one => one,
        };
        joined = Some(joined.map_or(one, |before| join(before, one)));
    }
    let joined = joined?;
    let Outcome::Indeterminate(from) = joined else { return Some(joined) };
    Some(decided(from, exchanges.iter().filter(|poll| poll.sort == Sort::Poll).copied()))
}

/// What one exchange alone says.
fn single(exchange: &Exchange) -> Outcome {
    match exchange.word {
        Word::Done => Outcome::Acknowledged(exchange.asked, exchange.told),
        Word::No => Outcome::Refused { from: exchange.asked, until: exchange.told, busy: false },
        Word::Busy => Outcome::Refused { from: exchange.asked, until: exchange.told, busy: true },
        Word::Nothing | Word::Pending | Word::Absent => Outcome::Indeterminate(exchange.asked),
    }
}

/// One yes makes it acknowledged, all noes make it refused; else it is open. An exchange that said no adds nothing. It
/// was only bidden to come again where it never heard another no.
fn join(before: Outcome, after: Outcome) -> Outcome {
    use Outcome::{Acknowledged, Indeterminate, Refused, Twice};
    match (before, after) {
        (Acknowledged(from, until), Acknowledged(_, other)) => Acknowledged(from, until.min(other)),
        (Acknowledged(from, until), _) | (Refused { .. }, Acknowledged(from, until)) => Acknowledged(from, until),
        (Indeterminate(from) | Twice(from), Acknowledged(_, until)) => Acknowledged(from, until),
        (Refused { from, busy: first, .. }, Refused { until, busy: second, .. }) => {
            Refused { from, until, busy: first && second }
        }
        (Refused { .. }, Indeterminate(from) | Twice(from)) => Indeterminate(from),
        (Indeterminate(from) | Twice(from), _) => Indeterminate(from),
    }
}

/// What a job's polls say of an operation that was asked for at `from`.
fn decided<'e>(from: Instant, polls: impl Iterator<Item = &'e Exchange>) -> Outcome {
    let mut outcome = Outcome::Indeterminate(from);
    for poll in polls {
        match poll.word {
            Word::Done => return Outcome::Acknowledged(from, poll.told),
            Word::No if poll.status == 200 => outcome = Outcome::Refused { from, until: poll.told, busy: false },
            _ => {}
        }
    }
    outcome
}

/// All turns of a world, operation by operation. In fair weather a refusal is a turn as well.
pub(super) fn turns<'a>(plan: &'a Plan, exchanges: &'a [Exchange], refusals: bool) -> Vec<Turn<'a>> {
    let mut turns = Vec::with_capacity(exchanges.len());
    by_operation(exchanges, |place, own| {
        let operation = plan.planned(place);
        for exchange in own.iter().filter(|exchange| exchange.sort == Sort::Read && !exchange.last_look) {
            turns.extend(read(operation, exchange));
        }
        let Some(operation) = operation else { return };
        outcomes(operation, own, |outcome| turns.extend(write(operation, outcome, refusals)));
    });
    turns
}

/// Calls with the exchanges of one planned operation after the other, in the order in which they were asked; those
/// that belong to none come last, under `None`.
pub(super) fn by_operation<'a>(exchanges: &'a [Exchange], mut each: impl FnMut(Option<u32>, &[&'a Exchange])) {
    let mut sorted: Vec<&Exchange> = exchanges.iter().collect();
    sorted.sort_by_key(|exchange| exchange.place.unwrap_or(u32::MAX));
    for own in sorted.chunk_by(|one, other| one.place == other.place) {
        if let Some(first) = own.first() {
            each(first.place, own);
        }
    }
}

fn read<'a>(operation: Option<&'a Operation>, exchange: &'a Exchange) -> Option<Turn<'a>> {
    let shown = match exchange.word {
        Word::Done => Some(Shown::read(&exchange.body)?),
        Word::Absent => None,
        _ => return None,
    };
    Some(Turn {
        operation: exchange.operation,
        cust_no: whom(operation, exchange)?,
        goner: None,
        act: Act::Read(shown),
        from: exchange.asked,
        until: exchange.told,
        must: true,
    })
}

/// Whom a read is about.
pub(super) fn whom<'a>(operation: Option<&'a Operation>, exchange: &'a Exchange) -> Option<&'a str> {
    exchange.about.as_deref().or_else(|| operation.map(|operation| operation.kind.cust_no()))
}

fn write(operation: &Operation, outcome: Outcome, refusals: bool) -> impl Iterator<Item = Turn<'_>> {
    let act = match &operation.kind {
        Kind::Create(customer) => Some(Act::Create(customer)),
        Kind::Update { changes, .. } => Some(Act::Update(changes)),
        Kind::Close { .. } => Some(Act::Close),
        Kind::Merge { .. } => Some(Act::Merge),
        Kind::Read { .. } => None,
    };
    let (act, from, until, copies) = match outcome {
        Outcome::Acknowledged(from, until) => (act, from, Some(until), 1),
        Outcome::Refused { from, until, busy: false } if refusals => {
            (Some(Act::Impossible(&operation.kind)), from, Some(until), 1)
        }
        Outcome::Refused { from, .. } => (None, from, None, 0),
        Outcome::Indeterminate(from) => (act, from, None, 1),
        Outcome::Twice(from) => (act, from, None, 2),
    };
    let turn = act.map(|act| Turn {
        operation: operation.id,
        cust_no: operation.kind.cust_no(),
        goner: operation.kind.goner(),
        act,
        from,
        until: until.unwrap_or(Instant::NEVER),
        must: until.is_some(),
    });
    turn.into_iter().flat_map(move |turn| std::iter::repeat_n(turn, copies))
}
