//! The hub's calls that are out: who was called about what, until the answer is heard.

use std::collections::VecDeque;

use sagaproof_sim::chaos::point::{Route, Subject};
use sagaproof_sim::fleet::{Fingerprint, System};

/// A call that is out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    /// Its number, unique in a world.
    pub(super) number: u64,
    pub(super) system: System,
    pub(super) route: Route,
    pub(super) subject: Subject,
    /// Whether it wants an access token.
    pub(super) for_token: bool,
    /// Whether it updates, for vendors that limit updates by record.
    pub(super) updates: bool,
    /// Whether chaos has made its answer unreadable.
    pub(super) unreadable: bool,
    /// The saga whose call it is.
    pub(super) saga: Option<u64>,
    /// The process that sent it.
    pub(super) process: u8,
    heard: bool,
}

impl Call {
    /// A call that has just been sent.
    pub(super) const fn new(number: u64, system: System, route: Route, subject: Subject) -> Self {
        let (for_token, updates, unreadable, saga, process) = (false, false, false, None, 0);
        Self { number, system, route, subject, for_token, updates, unreadable, saga, process, heard: false }
    }
}

/// All calls that are out, in order of their numbers. Those that were heard leave when they are the oldest.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenCalls(VecDeque<Call>);

impl OpenCalls {
    /// The hub sent a call.
    pub(super) fn sent(&mut self, call: Call) {
        match self.0.back() {
            Some(last) if last.number > call.number => {
                let at = self.0.partition_point(|other| other.number < call.number);
                self.0.insert(at, call);
            }
            _ => self.0.push_back(call),
        }
    }

    /// The hub heard the end of a call. `None` where it was sent by a life that is over, or never.
    pub(super) fn heard(&mut self, number: u64) -> Option<Call> {
        let at = match self.0.front() {
            Some(first) if first.number == number => 0,
            _ => self.0.binary_search_by_key(&number, |call| call.number).ok()?,
        };
        let call = self.0.get_mut(at).filter(|call| !call.heard)?;
        call.heard = true;
        let call = *call;
        while self.0.front().is_some_and(|first| first.heard) {
            self.0.pop_front();
        }
        Some(call)
    }

    /// No life hears anything any more.
    pub(super) fn reset(&mut self) {
        self.0.clear();
    }

    /// A life of this process is over: it hears nothing any more.
    pub(super) fn forget(&mut self, process: u8) {
        self.0.retain(|call| call.process != process);
    }

    pub(super) fn feed(&self, print: &mut Fingerprint) {
        for call in self.0.iter().filter(|call| !call.heard) {
            print.number((call.system as u64) << 16 | u64::from(call.unreadable) << 8 | u64::from(call.route.0));
            print.number(call.subject.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(number: u64) -> Call {
        Call::new(number, System::Commerce, Route(0), Subject::NONE)
    }

    #[test]
    fn a_call_is_heard_once_in_any_order() {
        let mut open = OpenCalls::default();
        for number in [1, 4, 2, 9] {
            open.sent(call(number));
        }
        assert_eq!(open.heard(2).map(|call| call.number), Some(2));
        assert!(open.heard(2).is_none());
        assert!(open.heard(3).is_none());
        assert_eq!(open.heard(1).map(|call| call.number), Some(1));
        assert_eq!(open.heard(9).map(|call| call.number), Some(9));
        open.forget(0);
        assert!(open.heard(4).is_none());
    }
}
