//! The reference of the scenario format, made from the declarations that files are read by, so that it cannot trail them.

use std::fmt::Write;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::fleet::System;

use super::Mark;
use super::fates::GROUPS;
use super::raw::SECTIONS;
use super::systems;

const BEGINNING: &str = "\
# The scenario format

A scenario file is YAML: a suite of one or more scenarios. `sagaproof run PATH…` takes files and folders of them
(`.yaml`, `.yml`); without a path it runs the suites built in, which stand in `scenarios/suites/` as examples.

```yaml
scenarios:
  - name: flaky-support
    proves: A create survives a support desk that loses one answer in five.
    level: basic
    workload: {population: 3, operations: 3, mix: {create: 100%}}
    chaos:
      exchanges:
        - {systems: [support], fates: [lost, after-503], rate: 20%}
    sometimes: [answer-lost-after-effect]
```

Durations carry their unit (`250ms`, `1.5s`, `1m`, `24h`; also `ns`, `us`) and are whole nanoseconds, at most `1000h`.
Numbers are whole, at most 1000000. Probabilities are per cent (`5%`) or a fraction of one (`0.05`), in steps of one in a
million (`0.0001%`). Unknown fields are errors. Anchors and aliases may be used, tags may not; a file is at most
1 MiB. Within a version of the format what reads today reads tomorrow and means the same.

*This page is made by `sagaproof::scenario::reference`; a test holds it to the code.*
";

/// The whole reference, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut out = BEGINNING.to_owned();
    for section in &SECTIONS {
        _ = writeln!(out, "\n## {}\n\n{}\n", section.title, section.about.trim());
        for (setting, meaning) in section.settings {
            _ = writeln!(out, "- `{setting}`: {}", meaning.trim());
        }
    }
    let quoted = |fates: &[Fate]| fates.iter().map(|fate| format!("`{}`", fate.name())).collect::<Vec<_>>().join(", ");
    let all = quoted(&Fate::ALL[1..]);
    _ = writeln!(out, "\n## Fates\n\nA rule draws from fates:\n{all};\n\nor from groups of them:\n");
    for group in GROUPS {
        let fates = if group.name == "all" { "every fate".to_owned() } else { quoted(group.fates) };
        _ = writeln!(out, "- `{}`: {} ({fates}).", group.name, group.about);
    }
    out.push_str(
        "\n## Routes\n\nWhat `route` can name, system by system. Clients take those of the `hub`; `other` is what a \
         vendor's model does not know. Which calls they are stands in [vendor-calls.md](vendor-calls.md).\n\n",
    );
    for system in [System::Hub].into_iter().chain(System::VENDORS) {
        let names: Vec<_> = systems::routes(system).iter().map(|name| format!("`{name}`")).collect();
        _ = writeln!(out, "- `{}`: {}.", system.name(), names.join(", "));
    }
    out.push_str("\n## Marks\n\nWhat `sometimes` can ask for, and when it is reached.\n\n");
    for mark in Mark::ALL {
        _ = writeln!(out, "- `{}`: {}", mark.name(), mark.meaning());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `SAGAPROOF_WRITE_DOCS=1 cargo test -p sagaproof the_page` writes the page anew.
    #[test]
    fn the_page_in_docs_is_what_the_code_says() {
        let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scenario-format.md");
        if std::env::var_os("SAGAPROOF_WRITE_DOCS").is_some() {
            std::fs::write(&page, reference()).unwrap();
        }
        let written = std::fs::read_to_string(&page).unwrap();
        let strays = reference().lines().find(|line| !written.lines().any(|other| other == *line)).map(str::to_owned);
        assert!(written == reference(), "docs/scenario-format.md trails the code, which says {strays:?}");
    }
}
