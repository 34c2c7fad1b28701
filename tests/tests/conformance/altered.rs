//! Drivers that are altered on purpose: what each tells its node, or does for it, otherwise than the one that ships.

use sagaproof_orchestrator::driver::Wrapper;
use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::message::{Answer, CallError};
use sagaproof_orchestrator::time::Instant;
use sagaproof_sim::chaos::fate::Fate;

use crate::cases::Befalls;
use crate::journal::Recorder;

/// How a driver is altered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alteration {
    pub(crate) name: &'static str,
    /// Whether it shows where this befalls a call.
    pub(crate) shows: fn(Befalls) -> bool,
    /// What it makes of what it heard.
    hears: fn(Answer) -> Answer,
    /// What it makes of what it is to do.
    does: fn(&mut Effect),
}

/// The driver as it ships.
pub(crate) const STRAIGHT: Alteration =
    Alteration { name: "none", shows: |_| false, hears: |answer| answer, does: |_| () };

/// Every alteration that must show.
pub(crate) const ALTERATIONS: &[Alteration] = &[
    Alteration {
        name: "a lost answer is told as a connection refused",
        shows: |befalls| is(befalls, Fate::AnswerLost),
        hears: |answer| instead(answer, CallError::TimedOut, CallError::Refused),
        ..STRAIGHT
    },
    Alteration {
        name: "a reset is told as a connection refused",
        shows: |befalls| is(befalls, Fate::AnswerReset),
        hears: |answer| instead(answer, CallError::Reset, CallError::Refused),
        ..STRAIGHT
    },
    Alteration {
        name: "an answer that broke off is told as never sent",
        shows: |befalls| is(befalls, Fate::Truncated),
        hears: |answer| instead(answer, CallError::Truncated, CallError::NotSent),
        ..STRAIGHT
    },
    Alteration {
        name: "a connection refused is told as a reset",
        shows: |befalls| matches!(befalls, Befalls::Nobody(_)),
        hears: |answer| instead(answer, CallError::Refused, CallError::Reset),
        ..STRAIGHT
    },
    Alteration {
        name: "an answer's body is lost",
        shows: |befalls| is(befalls, Fate::Fine),
        hears: |answer| {
            answer.map(|mut response| {
                response.body.clear();
                response
            })
        },
        ..STRAIGHT
    },
    Alteration {
        name: "not_after is dropped",
        shows: |befalls| matches!(befalls, Befalls::TooLate(_)),
        does: |effect| {
            if let Effect::Call { not_after, .. } = effect {
                *not_after = Instant(u64::MAX);
            }
        },
        ..STRAIGHT
    },
];

fn is(befalls: Befalls, fate: Fate) -> bool {
    matches!(befalls, Befalls::Fate(other, ..) if other == fate)
}

fn instead(answer: Answer, of: CallError, told: CallError) -> Answer {
    answer.map_err(|error| if error == of { told } else { error })
}

/// What stands between a node and its driver here: the recorder, and the alteration.
pub(crate) struct Between {
    pub(crate) recorder: Recorder,
    pub(crate) alteration: Alteration,
}

impl Wrapper for Between {
    fn on_event(&mut self, event: Event) -> Event {
        match event {
            Event::Answer { call, answer } => Event::Answer { call, answer: (self.alteration.hears)(answer) },
            other => other,
        }
    }

    fn on_effects(&mut self, effects: &mut Vec<Effect>) {
        self.recorder.see(effects);
        effects.iter_mut().for_each(self.alteration.does);
    }
}
