//! Words for people: how moments, customers, records and what clients were told read in a violation's message.

use std::fmt::{self, Display, Write};

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Condition, Record};

use super::answer::{Sort, Word};
use super::exchanges::Exchange;
use super::outcome::{Outcome, outcomes};
use super::serial_equivalent::specification::Fields;
use crate::operation::{Kind, Operation};

/// A moment, in seconds and milliseconds.
pub(super) struct At(pub(super) Instant);

impl Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.0 / 1_000_000;
        write!(f, "{}.{:03} s", millis / 1000, millis % 1000)
    }
}

/// A customer's fields in a row.
pub(super) struct Person<'a>(pub(super) &'a Fields<'a>);

impl Display for Person<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fields { email, given_name, family_name, phone, points, .. } = self.0;
        write!(f, "{email}, {given_name} {family_name}, {}", phone.unwrap_or("no phone"))?;
        if *points > 0 { write!(f, ", {points} points") } else { Ok(()) }
    }
}

/// A record in a row.
pub(super) struct Entry<'a>(pub(super) &'a Record);

impl Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = self.0;
        let condition = match record.condition {
            Condition::Live => "",
            Condition::SoftDeleted => "soft-deleted ",
            Condition::Closed => "closed ",
            Condition::Gone => "purged ",
        };
        let email = record.email.as_deref().unwrap_or("no e-mail");
        let name = [&*record.given_name, &record.family_name].join(" ");
        write!(f, "{condition}{}: {email}, {}", record.id, name.trim())?;
        if let Some(phone) = &record.phone {
            write!(f, ", {phone}")?;
        }
        for other in &record.other_emails {
            write!(f, ", also {other}")?;
        }
        match &record.tag {
            Some(tag) => write!(f, " (tag {}/{})", tag.cust_no, tag.saga),
            None => f.write_str(" (no tag)"),
        }
    }
}

/// What an operation asks for.
pub(super) fn wish(out: &mut String, kind: &Kind) {
    let _ = match kind {
        Kind::Create(customer) => write!(out, "create {}: {}", customer.cust_no, Person(&Fields::of(customer))),
        Kind::Update { cust_no, changes } => {
            let _ = write!(out, "update {cust_no}:");
            let phone = changes.phone.as_ref().map(|phone| phone.as_deref().unwrap_or("none"));
            let fields = [
                ("e-mail", changes.email.as_deref()),
                ("given name", changes.given_name.as_deref()),
                ("family name", changes.family_name.as_deref()),
                ("phone", phone),
            ];
            let given = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
            for (place, (name, value)) in given.enumerate() {
                let comma = if place == 0 { "" } else { "," };
                let _ = write!(out, "{comma} {name} {value}");
            }
            Ok(())
        }
        Kind::Close { cust_no } => write!(out, "close {cust_no}"),
        Kind::Merge { cust_no, from } => write!(out, "merge {from} into {cust_no}"),
        Kind::Read { cust_no } => write!(out, "read {cust_no}"),
    };
}

/// An operation and what its client was told, exchange by exchange, and what follows from it.
pub(super) fn told(out: &mut String, operation: &Operation, exchanges: &[&Exchange]) {
    let _ = write!(out, "    operation {} (", operation.id);
    wish(out, &operation.kind);
    out.push_str(")\n");
    for exchange in exchanges {
        let what = match exchange.sort {
            Sort::Write => "asked",
            Sort::Read => "read",
            Sort::Poll => "polled its job",
        };
        let _ = write!(out, "      {what} at {}", At(exchange.asked));
        answer(out, exchange);
        if exchange.deliveries > 1 {
            let _ = write!(out, ", delivered {} times", exchange.deliveries);
        }
        out.push('\n');
    }
    outcomes(operation, exchanges, |outcome| {
        let conclusion = match outcome {
            _ if !operation.kind.writes() => return,
            Outcome::Acknowledged(..) => "acknowledged: it took effect",
            Outcome::Refused { .. } => "refused: it takes no effect",
            Outcome::Indeterminate(_) => "open: it takes effect once or never",
            Outcome::Twice(_) => "open: without a key and delivered twice",
        };
        let _ = writeln!(out, "      {conclusion}");
    });
}

fn answer(out: &mut String, exchange: &Exchange) {
    let at = At(exchange.told);
    let meaning = match (exchange.sort, exchange.word) {
        (Sort::Poll, Word::Done) => " (SUCCEEDED)",
        (Sort::Poll, Word::No) => " (FAILED)",
        (Sort::Poll, Word::Pending) => " (not done yet)",
        (_, Word::Busy) => " (busy)",
        _ => "",
    };
    let _ = match (exchange.told, exchange.status) {
        (Instant::NEVER, _) => write!(out, ", told nothing"),
        (_, 0) if exchange.word == Word::No => write!(out, ", had no connection at {at}"),
        (_, 0) => write!(out, ", gave up at {at}"),
        (_, status) => write!(out, ", told {status}{meaning} at {at}"),
    };
}
