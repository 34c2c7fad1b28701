//! The scanner against the library that everybody uses.

use super::*;
use proptest::prelude::*;

fn is_json(text: &str) -> bool {
    whole(text, Scanner::skip).is_some()
}

fn texts(text: &str) -> Option<Vec<Option<String>>> {
    whole(text, |scanner| {
        let mut texts = Vec::new();
        scanner.list(|scanner| {
            texts.push(scanner.text()?.owned());
            Some(())
        })?;
        Some(texts)
    })
}

fn leaves(text: &str) -> Option<Vec<(String, String)>> {
    let mut leaves = Vec::new();
    whole(text, |scanner| scanner.leaves(b"", &mut leaves))?;
    Some(
        leaves
            .into_iter()
            .map(|leaf| (String::from_utf8_lossy(leaf.key).into_owned(), leaf.text.into_owned()))
            .collect(),
    )
}

#[test]
fn a_text_is_a_string_or_a_numbers_digits_and_else_nothing() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        texts(r#" [ "a" , 7001, -1.5e3 ,"", null,true,{"a":[1]},[[]],"\u00e9\n\"\ud83d\ude00/" ] "#),
        Some(vec![some("a"), some("7001"), some("-1.5e3"), None, None, None, None, None, some("é\n\"😀/")])
    );
}

#[test]
fn an_error_is_walked_to_its_leaves_in_any_shape() {
    let pair = |key: &str, text: &str| (key.to_owned(), text.to_owned());
    let cases = [
        (r#""Not Found""#, vec![pair("", "Not Found")]),
        (r#"["a","b"]"#, vec![pair("", "a"), pair("", "b")]),
        (r#"{"email":["taken"],"base":"x"}"#, vec![pair("email", "taken"), pair("base", "x")]),
        (r#"{"email":[{"error":"Dup","n":1}]}"#, vec![pair("error", "Dup"), pair("n", "1")]),
        ("true", vec![pair("", "true")]),
    ];
    for (text, expected) in cases {
        assert_eq!(leaves(text), Some(expected), "{text}");
    }
    for text in ["null", "false", "[]", "{}", r#"{"email":[]}"#] {
        assert_eq!(leaves(text), Some(vec![]), "{text}");
    }
}

#[test]
fn nesting_is_bounded() {
    assert!(is_json(&["[".repeat(64), "]".repeat(64)].concat()));
    assert!(!is_json(&["[".repeat(65), "]".repeat(65)].concat()));
    assert!(!is_json(&"[".repeat(1_000_000)));
    assert!(is_json(&["[", &vec!["[]"; 1000].join(","), "]"].concat()));
}

/// The library is the judge of what JSON is, but for numbers that it cannot hold.
fn agrees_with_the_library(text: &str) -> bool {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => is_json(text),
        Err(error) => !is_json(text) || error.to_string().starts_with("number out of range"),
    }
}

fn documents() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        r"-?(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?([eE][+-]?[0-9])?",
        prop::sample::select(vec!["null", "true", "false", r#""\ud83d\ude00""#, r#""\ud800""#]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(|all| format!("[{}]", all.join(" ,")));
        let member =
            (any::<String>(), inner).prop_map(|(key, value)| format!("{}:{value}", serde_json::Value::from(key)));
        prop_oneof![list, prop::collection::vec(member, 0..4).prop_map(|all| format!("{{ {}\n}}", all.join(",")))]
    })
}

proptest! {
    #[test]
    fn it_accepts_what_the_library_accepts(text in documents(), at in any::<prop::sample::Index>(), byte in r#"[\[\]{},:"\\0-9eEun. -]?"#) {
        prop_assert!(agrees_with_the_library(&text), "{}", text);
        let at = at.index(text.len() + 1);
        if let (Some(before), Some(after)) = (text.get(..at), text.get(at..)) {
            for changed in [before.to_owned(), [before, &byte, after].concat(), [after, before].concat()] {
                prop_assert!(agrees_with_the_library(&changed), "{}", changed);
            }
        }
    }

    #[test]
    fn it_accepts_of_noise_what_the_library_accepts(
        text in r#"([\[\]{},: ]|"a"|"\\[nux/]"|"\\u[0d][08][0-9a]{2}"|null|true|fals|-?[01]{0,2}(\.[0-9]?)?(e[+-]?[0-9]?)?|[\t\x01]){0,12}"#
    ) {
        prop_assert!(agrees_with_the_library(&text), "{}", text);
    }

    #[test]
    fn strings_are_read_as_they_were_written(text in any::<String>()) {
        let written = serde_json::Value::from(text.as_str()).to_string();
        let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
        for written in [written, format!("\"{escaped}\"")] {
            let read = whole(&written, |scanner| scanner.string());
            prop_assert_eq!(read.as_deref(), Some(text.as_str()));
        }
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        let _ = (is_json(&text), texts(&text), leaves(&text));
    }
}
