//! Switches as written: `true` or `false`, nothing else.

use super::read::Wrong;

/// Reads a switch.
pub(super) fn parse(text: &str) -> Result<bool, Wrong> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Wrong::new("is neither true nor false", "write `true` or `false`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_is_true_or_false_and_nothing_else() {
        assert_eq!(parse("true"), Ok(true));
        assert_eq!(parse("false"), Ok(false));
        for text in ["yes", "on", "1", "True", ""] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
