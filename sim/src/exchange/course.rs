//! The course of an exchange: from its fate and its latencies, when it is delivered and what its caller hears.
//! Pure arithmetic over virtual time; here stands what keeps F1, the assumption about delivery.
//!
//! F1: a request takes effect within the horizon of leaving, or never; at most twice; never after its caller received
//! the complete answer. Of two deliveries the caller hears the first's answer or none.

use crate::chaos::fate::Fate;
use crate::clock::{Instant, Nanos};

/// When an exchange was sent and how long its ways take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    /// When the request leaves.
    pub(crate) sent: Instant,
    /// After so long without an answer the caller has timed out.
    pub(crate) time_out: Nanos,
    /// The request's way.
    pub(crate) there: Nanos,
    /// The answer's way.
    pub(crate) back: Nanos,
    /// The delivery horizon.
    pub(crate) horizon: Nanos,
}

/// What the caller will hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hears {
    /// Then, words that the network puts in the place of an answer.
    Instead(Instant),
    /// The answer to the first delivery, in the disguise of the fate: so long after it was given, not before then.
    Answer { back: Nanos, not_before: Instant },
    /// Nothing, until it times out.
    Nothing,
}

/// The course of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Course {
    /// When it is delivered; `None`: never.
    pub(crate) first: Option<Instant>,
    /// When it is delivered once more.
    pub(crate) second: Option<Instant>,
    /// What the caller hears.
    pub(crate) hears: Hears,
}

/// How long before the horizon the latest deliveries come, and how long after a time-out the just too late ones.
const MARGIN: Nanos = Nanos::micros(1);

impl Course {
    /// The course that this fate makes of it.
    pub(crate) fn of(fate: Fate, times: Times) -> Self {
        let Times { sent, time_out, horizon, .. } = times;
        let last = sent + (horizon - MARGIN);
        // Room for a second delivery and for an answer strictly after each delivery.
        let first = (sent + times.there).min(sent + (horizon - MARGIN.times(2)));
        let back = times.back.max(Nanos(2));
        let answer = Hears::Answer { back, not_before: sent };
        let delivered = |at, hears| Self { first: Some(at), second: None, hears };
        match fate {
            Fate::Fine
            | Fate::After500
            | Fate::After502
            | Fate::After503
            | Fate::After504
            | Fate::AnswerReset
            | Fate::Truncated
            | Fate::Malformed
            | Fate::Html
            | Fate::Empty
            | Fate::JobStalls
            | Fate::JobFailsHalf => delivered(first, answer),
            Fate::AnswerLost => delivered(first, Hears::Nothing),
            Fate::Slow => {
                let not_before = sent + (time_out - Nanos(time_out.0 / 16).max(Nanos(1)));
                let midway = (sent + Nanos(time_out.0 / 2)).min(last);
                delivered(midway, Hears::Answer { back: Nanos(1), not_before })
            }
            Fate::RequestLost => Self { first: None, second: None, hears: Hears::Nothing },
            Fate::LateShort => delivered((sent + time_out + MARGIN).min(last), Hears::Nothing),
            Fate::LateLong => delivered(last, Hears::Nothing),
            Fate::Twice => {
                let again = (first + Nanos(back.0 / 2)).min(last);
                Self { first: Some(first), second: Some(again), hears: answer }
            }
            Fate::TwiceLate => Self { first: Some(first), second: Some(last), hears: Hears::Nothing },
            Fate::Late504 => delivered(last, Hears::Instead(sent + times.there + back)),
            Fate::Refused
            | Fate::Before400
            | Fate::Before401
            | Fate::Before403
            | Fate::Before408
            | Fate::Before429After
            | Fate::Before429
            | Fate::Before500
            | Fate::Before502
            | Fate::Before503
            | Fate::Before504 => Self { first: None, second: None, hears: Hears::Instead(sent + times.there + back) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn times() -> impl Strategy<Value = Times> {
        let long = 0_u64..100_000_000_000;
        (long.clone(), long.clone(), long.clone(), long.clone(), 10_000_u64..100_000_000_000).prop_map(
            |(sent, time_out, there, back, horizon)| Times {
                sent: Instant(sent),
                time_out: Nanos(time_out),
                there: Nanos(there),
                back: Nanos(back),
                horizon: Nanos(horizon),
            },
        )
    }

    proptest! {
        #[test]
        fn no_fate_delivers_at_or_after_the_horizon(times in times()) {
            for fate in Fate::ALL {
                let course = Course::of(fate, times);
                for at in [course.first, course.second].into_iter().flatten() {
                    prop_assert!(times.sent <= at && at < times.sent + times.horizon, "{}", fate.name());
                }
            }
        }

        #[test]
        fn a_second_delivery_comes_after_the_first_and_before_its_answer_is_heard(times in times()) {
            for fate in [Fate::Twice, Fate::TwiceLate] {
                let course = Course::of(fate, times);
                let (Some(first), Some(second)) = (course.first, course.second) else { panic!("delivered twice") };
                prop_assert!(first < second);
                if let Hears::Answer { back, not_before } = course.hears {
                    prop_assert!(second < (first + back).max(not_before));
                }
            }
        }

        #[test]
        fn an_answer_is_heard_strictly_after_the_delivery(times in times()) {
            for fate in Fate::ALL {
                let course = Course::of(fate, times);
                if let (Some(first), Hears::Answer { back, not_before }) = (course.first, course.hears) {
                    prop_assert!(first < (first + back).max(not_before), "{}", fate.name());
                }
            }
        }

        #[test]
        fn words_from_the_network_come_with_no_delivery_or_with_a_late_504(times in times()) {
            for fate in Fate::ALL {
                let course = Course::of(fate, times);
                if matches!(course.hears, Hears::Instead(_)) {
                    prop_assert_eq!(course.first.is_some(), fate == Fate::Late504);
                }
            }
        }
    }

    #[test]
    fn late_is_just_after_the_time_out_or_at_the_end_of_the_horizon() {
        let times = Times {
            sent: Instant(1_000_000),
            time_out: Nanos::secs(5),
            there: Nanos::millis(40),
            back: Nanos::millis(40),
            horizon: Nanos::secs(60),
        };
        let late = |fate, times| Course::of(fate, times).first.unwrap().since(Instant(1_000_000));
        assert_eq!(late(Fate::LateShort, times), Nanos::secs(5) + MARGIN);
        assert_eq!(late(Fate::LateLong, times), Nanos::secs(60) - MARGIN);
        let patient = Times { time_out: Nanos::secs(90), ..times };
        assert_eq!(late(Fate::LateShort, patient), Nanos::secs(60) - MARGIN);
    }

    #[test]
    fn slow_is_answered_within_the_time_out_even_over_a_slow_network() {
        let times = Times {
            sent: Instant(0),
            time_out: Nanos::secs(5),
            there: Nanos::secs(4),
            back: Nanos::secs(4),
            horizon: Nanos::secs(60),
        };
        let course = Course::of(Fate::Slow, times);
        let Hears::Answer { back, not_before } = course.hears else { panic!("answered") };
        let heard = (course.first.unwrap() + back).max(not_before);
        assert!(heard < Instant(0) + Nanos::secs(5));
        assert!(heard > Instant(0) + Nanos::secs(4));
    }
}
