//! What is wrong, scenario by scenario, as test reports and annotations tell it. How each of them writes it stands with
//! them.

use super::wire::Violation;
use super::{Report, Sheet, words};

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The file and the line, from 1, that it comes from.
    pub place: Option<(String, usize)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// How much more is wrong that is not told.
    pub more: u64,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its kind, in a word or two.
    pub kind: String,
    /// What is wrong, in half a line.
    pub title: String,
    /// What is wrong, in full, and how to see it again.
    pub text: String,
}

impl Report {
    /// The scenarios with all that fails them.
    #[must_use]
    pub fn cases(&self) -> Vec<Case> {
        let cases = self.sheets.iter().map(|sheet| {
            let mut case = self.unreached_of(sheet);
            case.problems.splice(..0, sheet.violations().map(violated));
            case.more = sheet.wrong().saturating_sub(sheet.violations().count() as u64);
            case
        });
        cases.collect()
    }

    /// The scenarios with what they did not reach, where that fails them: what no part of a run can tell.
    #[must_use]
    pub fn unreached_cases(&self) -> Vec<Case> {
        self.sheets.iter().map(|sheet| self.unreached_of(sheet)).collect()
    }

    fn unreached_of(&self, sheet: &Sheet) -> Case {
        let counting = sheet.marks(false).filter(|_| self.judges(sheet));
        let problems = counting.map(|mark| Problem {
            kind: "sometimes".to_owned(),
            title: format!("{} was never reached", mark.name()),
            text: format!("{}\nNone of {} worlds reached it.", mark.meaning(), words::number(sheet.tally.worlds)),
        });
        Case { name: sheet.name.clone(), place: sheet.place.clone(), problems: problems.collect(), more: 0 }
    }
}

pub(super) fn violated(violation: &Violation) -> Problem {
    let Violation { seed, checker, diagnosis, customer, message, replay, story, .. } = violation;
    let story: String = story.iter().map(|line| format!("\n  {line}")).collect();
    Problem {
        kind: words::title(checker, diagnosis.as_deref(), None),
        title: format!("{}, seed {seed}", words::title(checker, diagnosis.as_deref(), customer.as_deref())),
        text: format!("{}{story}\nreplay: {replay}", message.trim_end()),
    }
}
