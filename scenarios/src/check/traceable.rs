//! `traceable`: every call of a saga bears the correlation id with which the saga began, which is the client's own where
//! clients send one, and a well-formed `traceparent` whose trace id is the same over the whole saga.

use sagaproof_sim::fleet::{Fingerprint, System};
use sagaproof_sim::wire::Request;

use super::journal::Saga;
use super::{CheckerName, Finding};
use crate::operation::Plan;

/// The correlation ids that clients send; none where some client that writes sends none.
#[derive(Debug, Clone, Default)]
pub(super) struct Clients {
    hashes: Vec<u64>,
    known: bool,
}

impl Clients {
    pub(super) fn reset(&mut self) {
        self.hashes.clear();
        self.known = false;
    }

    /// Whether this correlation id may be a saga's.
    fn know(&mut self, correlation: &str, plan: &Plan) -> bool {
        if !std::mem::replace(&mut self.known, true) {
            for operation in plan.operations.iter().filter(|operation| operation.kind.writes()) {
                let Some(sent) = &operation.correlation else {
                    self.hashes.clear();
                    break;
                };
                self.hashes.push(hash(sent));
            }
            self.hashes.sort_unstable();
        }
        self.hashes.is_empty() || self.hashes.binary_search(&hash(correlation)).is_ok()
    }
}

fn hash(text: &str) -> u64 {
    let mut print = Fingerprint::default();
    print.bytes(text.as_bytes());
    print.finish()
}

/// A saga began under this correlation id.
pub(super) fn began(saga: &mut Saga, correlation: &str, clients: &mut Clients, plan: &Plan) -> Option<Finding> {
    let changed = !saga.correlation.is_empty() && saga.correlation != correlation;
    let message = match changed {
        true => format!("saga {} changed its correlation id from {} to {correlation}\n", saga.id, saga.correlation),
        false if !clients.know(correlation, plan) => {
            format!("saga {} bears the correlation id {correlation}, which no client sent\n", saga.id)
        }
        false => String::new(),
    };
    saga.correlation.clear();
    saga.correlation.push_str(correlation);
    (!message.is_empty()).then_some(Finding { checker: CheckerName::Traceable, calls: Vec::new(), message })
}

/// Where in the header block each vendor's last call bore its correlation id and its traceparent: calls to one vendor,
/// without and with a body, are mostly laid out alike, so that a look there spares a walk over the block.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Places([[(usize, usize); 2]; 5]);

/// A call of a saga was sent.
pub(super) fn sent(
    saga: &mut Saga,
    (call, to): (u64, System),
    request: &Request,
    places: &mut Places,
) -> Option<Finding> {
    let block = request.headers.0.as_str();
    let (there, then) = &mut places.0[to as usize][usize::from(!request.body.is_empty())];
    let whole = |rest: &&str| rest.get(55..).is_some_and(ends);
    let trace = at(block, TRACE, *then).filter(whole).and_then(|rest| trace_id(rest.get(..55)?));
    if trace.is_some()
        && (saga.trace.is_none() || saga.trace == trace)
        && at(block, CORRELATION, *there)
            .and_then(|rest| rest.strip_prefix(saga.correlation.as_str()))
            .is_some_and(ends)
    {
        saga.trace = trace;
        return None;
    }
    let correlation = value(block, CORRELATION, there);
    let trace = value(block, TRACE, then);
    let why = differs(saga, correlation, trace)?;
    let message = format!("call {call} of saga {} {why}\n", saga.id);
    Some(Finding { checker: CheckerName::Traceable, calls: vec![call], message })
}

/// In what a call's headers differ from the saga's; what the saga does not have yet, it learns.
fn differs(saga: &mut Saga, correlation: Option<&str>, trace: Option<&str>) -> Option<String> {
    let Some(sent) = correlation else { return Some("bears no x-correlation-id".to_owned()) };
    if saga.correlation.is_empty() {
        saga.correlation.push_str(sent);
    }
    if saga.correlation != sent {
        return Some(format!("bears the x-correlation-id {sent}, not {}", saga.correlation));
    }
    match (trace.and_then(trace_id), saga.trace) {
        (None, _) => Some(format!("bears no proper traceparent: {}", trace.unwrap_or("none at all"))),
        (Some(sent), Some(own)) if sent != own => Some("bears another trace id than the saga's first call".to_owned()),
        (sent, _) => {
            saga.trace = sent;
            None
        }
    }
}

const CORRELATION: &str = "x-correlation-id: ";
const TRACE: &str = "traceparent: ";

/// What follows this header's name, if the name stands at this place.
fn at<'b>(block: &'b str, name: &str, place: usize) -> Option<&'b str> {
    block.get(place..)?.strip_prefix(name)
}

fn ends(rest: &str) -> bool {
    rest.starts_with('\r')
}

/// This header's value, looked for at the given place first; the place is learnt.
fn value<'b>(block: &'b str, name: &str, place: &mut usize) -> Option<&'b str> {
    if at(block, name, *place).is_none() {
        *place = block.find(name)?;
    }
    at(block, name, *place)?.split('\r').next()
}

/// The trace id of a traceparent: `00-{32 hex}-{16 hex}-{2 hex}`, neither id all zeros (W3C Trace Context).
fn trace_id(text: &str) -> Option<[u8; 32]> {
    let bytes: &[u8; 55] = text.as_bytes().try_into().ok()?;
    let (trace, span): (&[u8; 32], &[u8; 16]) = (bytes[3..35].try_into().ok()?, bytes[36..52].try_into().ok()?);
    // Folded without early exits, so that the compiler takes whole vectors at a time.
    let hex = |part: &[u8]| part.iter().fold(true, |all, byte| all & is_hex(*byte));
    let given = |part: &[u8]| part.iter().fold(0, |bits, byte| bits | (byte ^ b'0')) != 0;
    let shape = bytes.starts_with(b"00-") & (bytes[35] == b'-') & (bytes[52] == b'-') & hex(&bytes[53..]);
    (shape & hex(trace) & hex(span) & given(trace) & given(span)).then_some(*trace)
}

/// Digits and lower-case letters.
const fn is_hex(byte: u8) -> bool {
    (byte.wrapping_sub(b'0') < 10) | (byte.wrapping_sub(b'a') < 6)
}
