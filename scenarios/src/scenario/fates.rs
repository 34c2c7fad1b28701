//! Fates as written: by their own names, or by the name of a group.

use sagaproof_sim::chaos::fate::Fate;

use super::read::Wrong;

/// A group of fates: its name, what it is, and which fates it stands for.
pub(super) struct Group {
    /// Its name.
    pub(super) name: &'static str,
    /// What it is, in a few words.
    pub(super) about: &'static str,
    /// The fates, in order of their numbers.
    pub(super) fates: &'static [Fate],
}

/// The groups. None bears a fate's name.
pub(super) const GROUPS: &[Group] = &[
    Group {
        name: "all",
        about: "everything",
        fates: match Fate::ALL.split_first() {
            Some((_, faults)) => faults,
            None => &[],
        },
    },
    Group {
        name: "lost",
        about: "the request or its answer is lost, and the caller times out",
        fates: &[Fate::RequestLost, Fate::AnswerLost],
    },
    Group {
        name: "late",
        about: "the request arrives after its caller has given up or heard a gateway's 504",
        fates: &[Fate::LateShort, Fate::LateLong, Fate::Late504],
    },
    Group { name: "doubled", about: "the request is delivered twice", fates: &[Fate::Twice, Fate::TwiceLate] },
    Group {
        name: "before",
        about: "an error is answered before any effect",
        fates: &[
            Fate::Before400,
            Fate::Before401,
            Fate::Before403,
            Fate::Before408,
            Fate::Before429After,
            Fate::Before429,
            Fate::Before500,
            Fate::Before502,
            Fate::Before503,
            Fate::Before504,
        ],
    },
    Group {
        name: "throttled",
        about: "429 before any effect, with and without Retry-After",
        fates: &[Fate::Before429After, Fate::Before429],
    },
    Group {
        name: "after",
        about: "an error is answered although the effect happened",
        fates: &[Fate::After500, Fate::After502, Fate::After503, Fate::After504],
    },
    Group {
        name: "answer",
        about: "the effect happened; its answer is lost, cut or unreadable",
        fates: &[Fate::AnswerReset, Fate::AnswerLost, Fate::Truncated, Fate::Malformed, Fate::Html, Fate::Empty],
    },
    Group {
        name: "unreadable",
        about: "the effect happened; its answer cannot be read",
        fates: &[Fate::Truncated, Fate::Malformed, Fate::Html, Fate::Empty],
    },
    Group {
        name: "jobs",
        about: "the job that the request starts, a merge at commerce or a bulk call at support, stays pending for long, or \
                fails half-way; nothing befalls other requests",
        fates: &Fate::OF_JOBS,
    },
];

/// Reads the name of a fate or of a group.
pub(super) fn parse(text: &str) -> Result<Vec<Fate>, Wrong> {
    if text == Fate::Fine.name() {
        return Err(Wrong::new("is not a fault", "what is not struck is fine by itself; name faults only"));
    }
    if let Some(fate) = Fate::from_name(text) {
        return Ok(vec![fate]);
    }
    if let Some(group) = GROUPS.iter().find(|group| group.name == text) {
        return Ok(group.fates.to_vec());
    }
    let fates = Fate::ALL.iter().skip(1).map(|fate| fate.name());
    let groups = GROUPS.iter().map(|group| group.name);
    Err(Wrong::name("fate or group of fates", text, groups.chain(fates)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fate_has_its_name_and_every_group_its_members() {
        for fate in Fate::ALL.into_iter().skip(1) {
            assert_eq!(parse(fate.name()), Ok(vec![fate]));
        }
        for group in GROUPS {
            assert_eq!(parse(group.name).as_deref(), Ok(group.fates));
            assert!(Fate::from_name(group.name).is_none(), "{} is also a fate", group.name);
            assert!(group.fates.is_sorted() && !group.fates.contains(&Fate::Fine));
        }
        assert_eq!(parse("all").map(|fates| fates.len()), Ok(30));
    }

    #[test]
    fn an_unknown_fate_finds_the_nearest() {
        let wrong = parse("anser-lost").unwrap_err();
        assert_eq!(
            (wrong.problem.as_str(), wrong.nearest.as_deref()),
            ("is no fate or group of fates", Some("answer-lost"))
        );
        assert_eq!(parse("fine").unwrap_err().problem, "is not a fault");
    }
}
