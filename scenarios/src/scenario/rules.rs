//! The chaos part of a scenario as a file of its own, for a fleet that is served: the same settings, the same complaints.

use std::path::Path;

use sagaproof_sim::chaos::rule::Chaos;
use serde::Deserialize;

use super::chaos;
use super::load::text;
use super::parse::parse;
use super::raw::{Field, RawChaos};
use super::read::Reader;
use crate::diagnostic::{Diagnostic, Source};

/// How to begin such a file.
const BEGIN: &str =
    "write `exchanges:` or `windows:` and under it a list; docs/scenario-format.md tells how, under `chaos`";

/// The chaos part with its key before it, as it stands in a scenario.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Keyed {
    chaos: Field<RawChaos>,
}

/// Reads the chaos part of a scenario: the mapping under `chaos:`, with or without that key.
///
/// # Errors
/// The first thing that is wrong.
pub fn read_rules(source: &Source) -> Result<Chaos, Diagnostic> {
    let reader = Reader::new(source);
    if begins_with_key(source.text()) {
        let raw: Keyed = parse(source, BEGIN)?;
        return Ok(reader.section(&raw.chaos, "chaos", chaos::read)?.unwrap_or_default());
    }
    chaos::read(&reader, &parse(source, BEGIN)?)
}

/// The same, from a file.
///
/// # Errors
/// The first thing that is wrong, or that the file cannot be read.
pub fn load_rules(path: &Path) -> Result<Chaos, Diagnostic> {
    let text = text(path).map_err(|wrong| {
        if path.is_file() { wrong } else { wrong.fix("name a file with the `chaos` part of a scenario") }
    })?;
    read_rules(&Source::new(&path.to_string_lossy(), &text))
}

/// Whether the key `chaos` stands at the beginning of a line, or first in a mapping in braces.
fn begins_with_key(text: &str) -> bool {
    let braced = text.trim_start().strip_prefix('{').map(|inner| inner.trim_start().trim_start_matches('"'));
    text.lines().chain(braced).any(|line| {
        line.strip_prefix("chaos").is_some_and(|rest| rest.trim_start_matches('"').trim_start().starts_with(':'))
    })
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::chaos::fate::Fate;
    use sagaproof_sim::chaos::rule::Odds;

    use super::*;

    fn read(text: &str) -> Result<Chaos, String> {
        read_rules(&Source::new("rules.yaml", text)).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn the_chaos_part_is_read_with_and_without_its_key_as_yaml_and_as_json() {
        let yaml = "exchanges:\n  - {systems: [support], fates: [html], rate: 20%}\n";
        let json = r#"{"exchanges": [{"systems": ["support"], "fates": ["html"], "rate": "20%"}]}"#;
        let plain = read(yaml).unwrap();
        assert_eq!((&plain.rules[0].fates[..], plain.rules[0].odds), (&[Fate::Html][..], Odds::ppm(200_000)));
        let indented = yaml.lines().map(|line| format!("  {line}\n")).collect::<String>();
        for same in [
            &format!("# Rules.\nchaos:\n{indented}"),
            json,
            &format!("{{\"chaos\": {json}}}"),
            &format!("{{chaos: {json}}}"),
        ] {
            assert_eq!(read(same).as_ref(), Ok(&plain), "{same}");
        }
        assert_eq!(read("windows: []\n").unwrap(), Chaos::default());
    }

    #[test]
    fn what_is_wrong_is_told_as_in_a_scenario() {
        let told = read("chaos:\n  exchanges:\n    - {fates: [htlm], rate: 20%}\n").unwrap_err();
        for part in
            ["error: `chaos.exchanges[0].fates[0]`: `htlm` is no fate", "rules.yaml:3:16", "did you mean `html`?"]
        {
            assert!(told.contains(part), "{told}");
        }
        let told = read("exchange: []\n").unwrap_err();
        assert!(told.contains("unknown field `exchange`") && told.contains("did you mean `exchanges`?"), "{told}");
        assert!(read("\n").unwrap_err().contains("write `exchanges:` or `windows:`"));
    }
}
