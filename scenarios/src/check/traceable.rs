//! `traceable`: every call of a saga bears the correlation id with which the saga began, which is the client's own where
//! clients send one, and a well-formed `traceparent` whose trace id is the same over the whole saga.

use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::wire::Request;

use super::journal::Saga;
use super::{CheckerName, Finding};
use crate::operation::Plan;

/// The correlation ids that clients send, once it is known that every client that writes sends one.
#[derive(Debug, Clone, Default)]
pub(super) struct Clients(Option<Vec<u64>>);

impl Clients {
    /// Whether this correlation id may be a saga's.
    fn know(&mut self, correlation: &str, plan: &Plan) -> bool {
        let hashes = self.0.get_or_insert_with(|| {
            let writes = plan.operations.iter().filter(|operation| operation.kind.writes());
            let sent = writes.map(|operation| operation.correlation.as_deref().map(hash));
            let mut hashes: Vec<u64> = sent.collect::<Option<_>>().unwrap_or_default();
            hashes.sort_unstable();
            hashes
        });
        hashes.is_empty() || hashes.binary_search(&hash(correlation)).is_ok()
    }
}

fn hash(text: &str) -> u64 {
    let mut print = Fingerprint::default();
    print.bytes(text.as_bytes());
    print.finish()
}

/// A saga began under this correlation id.
pub(super) fn began(saga: &mut Saga, correlation: &str, clients: &mut Clients, plan: &Plan) -> Option<Finding> {
    let earlier = saga.correlation.replace(correlation.to_owned());
    let message = match earlier {
        Some(earlier) if earlier != correlation => {
            format!("saga {} changed its correlation id from {earlier} to {correlation}\n", saga.id)
        }
        _ if !clients.know(correlation, plan) => {
            format!("saga {} bears the correlation id {correlation}, which no client sent\n", saga.id)
        }
        _ => return None,
    };
    Some(Finding { checker: CheckerName::Traceable, calls: Vec::new(), message })
}

/// A call of a saga was sent.
pub(super) fn sent(saga: &mut Saga, call: u64, request: &Request) -> Option<Finding> {
    let (correlation, trace) = headers(request);
    let why = match (&saga.correlation, correlation) {
        (_, None) => Some("bears no x-correlation-id".to_owned()),
        (Some(own), Some(sent)) if own != sent => Some(format!("bears the x-correlation-id {sent}, not {own}")),
        _ => None,
    };
    if saga.correlation.is_none() {
        saga.correlation = correlation.map(str::to_owned);
    }
    let why = why.or_else(|| match (trace.and_then(trace_id), saga.trace) {
        (None, _) => Some(format!("bears no proper traceparent: {}", trace.unwrap_or("none at all"))),
        (Some(sent), Some(own)) if sent != own => Some("bears another trace id than the saga's first call".to_owned()),
        (Some(sent), _) => {
            saga.trace = Some(sent);
            None
        }
    });
    let message = format!("call {call} of saga {} {}\n", saga.id, why?);
    Some(Finding { checker: CheckerName::Traceable, calls: vec![call], message })
}

/// The values of `x-correlation-id` and `traceparent`, in one walk over the block.
fn headers(request: &Request) -> (Option<&str>, Option<&str>) {
    let (mut correlation, mut trace) = (None, None);
    let mut rest = request.headers.0.as_str();
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        match line.as_bytes().first() {
            Some(b'x') => correlation = correlation.or_else(|| line.strip_prefix("x-correlation-id: ")),
            Some(b't') => trace = trace.or_else(|| line.strip_prefix("traceparent: ")),
            _ => {}
        }
    }
    let trimmed = |value: &'_ str| value.len() - usize::from(value.ends_with('\r'));
    (correlation.map(|value| &value[..trimmed(value)]), trace.map(|value| &value[..trimmed(value)]))
}

/// The trace id of a traceparent: `00-{32 hex}-{16 hex}-{2 hex}`, neither id all zeros (W3C Trace Context).
fn trace_id(text: &str) -> Option<[u8; 32]> {
    let bytes = text.as_bytes();
    let hex = |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(is_hex));
    let dashes = [2, 35, 52].iter().all(|at| bytes.get(*at) == Some(&b'-'));
    let trace: [u8; 32] = bytes.get(3..35)?.try_into().ok()?;
    let given = trace.iter().any(|digit| *digit != b'0') && bytes.get(36..52)?.iter().any(|digit| *digit != b'0');
    (bytes.len() == 55 && text.starts_with("00") && dashes && hex(3..35) && hex(36..52) && hex(53..55) && given)
        .then_some(trace)
}

const fn is_hex(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}
