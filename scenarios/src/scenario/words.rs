//! A scenario's name and its one sentence.

use super::read::Wrong;

/// Reads a scenario's name: it goes into command lines, so it needs no quoting there.
pub(super) fn name(text: &str) -> Result<String, Wrong> {
    let letters = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let hyphens = text.starts_with('-') || text.ends_with('-') || text.contains("--");
    if text.is_empty() || text.len() > 40 || !letters || hyphens {
        let fix = "use lower-case letters, digits and single hyphens between them, at most 40, as `create-one`";
        return Err(Wrong::new("is not a scenario's name", fix));
    }
    Ok(text.to_owned())
}

/// Reads what a scenario proves: one sentence on one line.
pub(super) fn sentence(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    let lines = text.chars().any(char::is_control);
    if lines || !text.ends_with('.') || text.len() < 10 || text.len() > 300 {
        let fix =
            "say in one sentence, on one line and with its full stop, what the scenario proves; at most 300 bytes";
        return Err(Wrong::new("is not a sentence", fix));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_need_no_quoting() {
        assert!(name("create-one-2").is_ok());
        for text in ["", "Create", "a--b", "-a", "a-", "a b", "a/b", "ü", &"a".repeat(41)] {
            assert!(name(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sentences_end_and_fit_on_a_line() {
        assert_eq!(sentence(" It proves something.\n").as_deref(), Ok("It proves something."));
        for text in ["", ".", "No full stop", "Two\nlines of words.", &format!("{}.", "a".repeat(300))] {
            assert!(sentence(text).is_err(), "{text}");
        }
    }
}
