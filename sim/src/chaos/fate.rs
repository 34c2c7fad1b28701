//! The fates of an exchange: one choice covers the whole of what befalls a request and its answer.
//! The numbers are fixed: schedules and pinned vectors rest on them. What a fate does to the network is `world`'s.

use serde::Serialize;

/// What befalls one exchange. Option 0 is `Fine`.
///
/// `Before…`: answered so before any effect. `After…`: answered so although the effect happened.
/// 404, 409 and 422 are absent: they assert something about the records, so only a model gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Fate {
    /// Nothing befalls it.
    Fine = 0,
    /// Connection refused: it never leaves.
    Refused = 1,
    /// The request is lost; the caller times out.
    RequestLost = 2,
    /// The request arrives just after the caller's time-out.
    LateShort = 3,
    /// The request arrives at the end of the delivery horizon.
    LateLong = 4,
    /// Delivered twice, both before the caller hears the first's answer.
    Twice = 5,
    /// Delivered twice, the second at the end of the delivery horizon; the caller hears nothing.
    TwiceLate = 6,
    /// A gateway answers 504 at once; the request lands at the end of the delivery horizon all the same.
    Late504 = 7,
    /// 400 before any effect.
    Before400 = 8,
    /// 401 before any effect.
    Before401 = 9,
    /// 403 before any effect.
    Before403 = 10,
    /// 408 before any effect.
    Before408 = 11,
    /// 429 with `Retry-After`.
    Before429After = 12,
    /// 429 without `Retry-After`.
    Before429 = 13,
    /// 500 before any effect.
    Before500 = 14,
    /// 502 before any effect.
    Before502 = 15,
    /// 503 before any effect.
    Before503 = 16,
    /// 504 before any effect.
    Before504 = 17,
    /// 500 after the effect.
    After500 = 18,
    /// 502 after the effect.
    After502 = 19,
    /// 503 after the effect.
    After503 = 20,
    /// 504 after the effect.
    After504 = 21,
    /// The effect happens; the connection is reset instead of an answer.
    AnswerReset = 22,
    /// The effect happens; the answer never comes.
    AnswerLost = 23,
    /// The effect happens; the answer's body breaks off.
    Truncated = 24,
    /// The effect happens; the answer's body is not what its content type says.
    Malformed = 25,
    /// The effect happens; a page of HTML comes with status 200.
    Html = 26,
    /// The effect happens; the answer's body is empty.
    Empty = 27,
    /// Slow, yet within the caller's time-out.
    Slow = 28,
    /// Answered as it is; the vendor's job that it starts stays pending for long.
    JobStalls = 29,
    /// Answered as it is; the vendor's job that it starts fails when half of it is done.
    JobFailsHalf = 30,
}

impl Fate {
    /// All fates, in order of their numbers.
    pub const ALL: [Self; 31] = [
        Self::Fine,
        Self::Refused,
        Self::RequestLost,
        Self::LateShort,
        Self::LateLong,
        Self::Twice,
        Self::TwiceLate,
        Self::Late504,
        Self::Before400,
        Self::Before401,
        Self::Before403,
        Self::Before408,
        Self::Before429After,
        Self::Before429,
        Self::Before500,
        Self::Before502,
        Self::Before503,
        Self::Before504,
        Self::After500,
        Self::After502,
        Self::After503,
        Self::After504,
        Self::AnswerReset,
        Self::AnswerLost,
        Self::Truncated,
        Self::Malformed,
        Self::Html,
        Self::Empty,
        Self::Slow,
        Self::JobStalls,
        Self::JobFailsHalf,
    ];

    /// Those that befall what a request sets going at its vendor, not the exchange: offered only where a job starts.
    pub const OF_JOBS: [Self; 2] = [Self::JobStalls, Self::JobFailsHalf];

    /// Its number, as schedules and menus carry it.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The fate with this number.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Its name, as in scenario files, schedules and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Refused => "refused",
            Self::RequestLost => "request-lost",
            Self::LateShort => "late-short",
            Self::LateLong => "late-long",
            Self::Twice => "twice",
            Self::TwiceLate => "twice-late",
            Self::Late504 => "late-504",
            Self::Before400 => "before-400",
            Self::Before401 => "before-401",
            Self::Before403 => "before-403",
            Self::Before408 => "before-408",
            Self::Before429After => "before-429-after",
            Self::Before429 => "before-429",
            Self::Before500 => "before-500",
            Self::Before502 => "before-502",
            Self::Before503 => "before-503",
            Self::Before504 => "before-504",
            Self::After500 => "after-500",
            Self::After502 => "after-502",
            Self::After503 => "after-503",
            Self::After504 => "after-504",
            Self::AnswerReset => "answer-reset",
            Self::AnswerLost => "answer-lost",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::Html => "html",
            Self::Empty => "empty",
            Self::Slow => "slow",
            Self::JobStalls => "job-stalls",
            Self::JobFailsHalf => "job-fails-half",
        }
    }

    /// The fate with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fate| fate.name() == name)
    }
}
