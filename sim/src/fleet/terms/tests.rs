//! What queries mean in each language, and which are none.

use proptest::prelude::*;

use super::*;

use Language::{Auth0, Shopify, Zendesk};

const LANGUAGES: [Language; 3] = [Auth0, Zendesk, Shopify];

fn holds_in(language: Language, query: &str, record: &[(&str, &str)]) -> bool {
    let terms = Terms::read(language, query).unwrap_or_else(|message| panic!("{query}: {message}"));
    terms.hold(|term| {
        record.iter().any(|(field, value)| term.field.is_none_or(|asked| asked == *field) && term.is(value))
    })
}

const ANN: [(&str, &str); 4] =
    [("email", "ann@x.org"), ("name", "Ann Lee"), ("app_metadata.owner", "C001/s1"), ("count", "7")];

fn all_hold(language: Language, queries: &[&str]) {
    for query in queries {
        assert!(holds_in(language, query, &ANN), "{query}");
    }
}

fn none_holds(language: Language, queries: &[&str]) {
    for query in queries {
        assert!(!holds_in(language, query, &ANN), "{query}");
    }
}

#[test]
fn terms_ask_for_fields_phrases_and_words() {
    for language in LANGUAGES {
        all_hold(
            language,
            &[
                "",
                "email:ann@x.org",
                "EMAIL:x OR email:ANN@x.org",
                r#"name:"Ann Lee" email:ann*"#,
                r#"app_metadata.owner:"C001/s1" AND NOT email:bob"#,
                r"app_metadata.owner:C001\/s1",
                "-email:bob ann@x.org",
            ],
        );
        none_holds(language, &["email:ann", "-email:ann@x.org", "NOT name:ann*", "name:Ann Lee", "phone:1"]);
    }
}

#[test]
fn parentheses_group_and_spread_a_field() {
    for language in LANGUAGES {
        all_hold(
            language,
            &[
                "(email:ann@x.org)",
                "(email:x OR email:ann@x.org) AND (name:ann* OR phone:1)",
                "NOT (email:x OR phone:1)",
                r#"email:("x" OR "ann@x.org")"#,
                "-(email:x) ((count:7))",
            ],
        );
        none_holds(
            language,
            &["email:ann@x.org AND (phone:1 OR phone:2)", "-(email:ann@x.org OR phone:1)", r#"email:(a OR "b")"#],
        );
    }
    assert_eq!(Terms::read(Zendesk, "a) b").unwrap().0, Terms::read(Zendesk, "a\\) b").unwrap().0);
}

#[test]
fn an_asterisk_stands_for_any_letters_wherever_it_is() {
    for language in LANGUAGES {
        all_hold(language, &["email:*x.org", "email:*@x*", "email:a*@*g", "email:*", "name:*", "email:ann@x.org*"]);
        none_holds(
            language,
            &["email:*x", "email:b*", "phone:*", r"email:ann\*", r#"email:"ann*""#, "email:ann@x.org*g"],
        );
    }
}

#[test]
fn ranges_and_comparisons_have_ends() {
    all_hold(
        Auth0,
        &["count:[5 TO 7]", "count:[* TO 10]", "count:{6 TO *]", "name:[Ann TO Bob}", "count:>=7", "count:<10"],
    );
    none_holds(Auth0, &["count:[5 TO 7}", "count:{7 TO 9]", "count:>7", "count:<7", "name:[B TO C]"]);
    all_hold(Zendesk, &["count>6", "count<=7", "count:>6 count<8"]);
    none_holds(Zendesk, &["count>7", "count>=8 count<9"]);
    all_hold(Shopify, &["count:>'6'", "count:<=7"]);
}

#[test]
fn a_moment_is_a_day_a_minute_or_a_fraction() {
    let moment = Stamp(3_600_000_000_000 + 45_000_000);
    let meets = |query: &str| {
        let terms = Terms::read(Auth0, query).unwrap();
        assert!(terms.find(|term| !term.fits_moment()).is_none(), "{query}");
        terms.hold(|term| term.is_moment(moment))
    };
    for query in [
        "at:2026-01-01",
        "at:[2026-01-01 TO 2026-01-01]",
        "at:>2025-12-31",
        "at:<2026-01-02",
        r#"at:"2026-01-01T01:00""#,
        r#"at:"2026-01-01T02:00:00.045+01:00""#,
        r#"at:>="2026-01-01T01:00:00Z""#,
        r#"at:["2026-01-01T01:00:00.045Z" TO *]"#,
        "at:*",
    ] {
        assert!(meets(query), "{query}");
    }
    for query in ["at:>2026-01-01", "at:2025-12-31", "at:{2026-01-01 TO *]", r#"at:<"2026-01-01T01:00:00.045Z""#] {
        assert!(!meets(query), "{query}");
    }
    for query in
        ["at:soon", "at:2026-13-01", "at:2026-01-32", "at:2026-1-1", "at:[a TO *]", "at:2026*", "at:2026-01-01T25:00"]
    {
        assert!(!Terms::read(Auth0, query).unwrap().hold(|term| term.fits_moment()), "{query}");
    }
}

#[test]
fn auth0_asks_whether_a_field_is_there_and_zendesk_whether_none_is() {
    all_hold(Auth0, &["_exists_:email", "NOT _exists_:phone", "-_exists_:phone email:ann*"]);
    none_holds(Auth0, &["_exists_:phone"]);
    all_hold(Zendesk, &["phone:none", "-email:none", r#"-email:"none""#]);
    none_holds(Zendesk, &["email:none", r#"phone:"none""#]);
}

#[test]
fn zendesk_takes_one_field_twice_as_either() {
    all_hold(Zendesk, &["email:x email:ann@x.org", "email:x name:ann* email:ann@x.org", "count>5 count<9"]);
    none_holds(Zendesk, &["email:x email:y", "-email:ann@x.org -email:x", "count>5 count<6", "email:x name:ann*"]);
    none_holds(Auth0, &["email:x email:ann@x.org"]);
}

#[test]
fn only_shopify_quotes_with_apostrophes() {
    all_hold(Shopify, &["name:'Ann Lee' email:ann*", "'ann lee'"]);
    none_holds(Shopify, &["name:o'Lee"]);
    assert!(holds_in(Zendesk, "name:'ann'", &[("name", "'ann'")]));
}

#[test]
fn what_cannot_be_understood_is_no_query() {
    for language in LANGUAGES {
        for query in [
            r#"email:"a"#,
            r#"email:"a\""#,
            "(email:a",
            "email:(a OR b",
            "a OR",
            "OR a",
            "a OR OR b",
            "NOT",
            "a AND",
            "AND a",
            "()",
            "email:",
            "email: ann",
            r#"email:"a"b"#,
            &["(".repeat(99), ")".repeat(99)].concat(),
        ] {
            assert!(Terms::read(language, query).is_err(), "{language:?}: {query}");
        }
    }
    for query in ["a) b", "count:[1 TO", "count:[1]", "count:[ TO 2]"] {
        assert!(Terms::read(Auth0, query).is_err(), "{query}");
    }
    let phrase = Terms::of_any(Shopify, r#"name:"Ann"#);
    assert!(phrase.hold(|term| term.within(r#"x name:"ann y"#)) && !phrase.hold(|term| term.within("ann")));
}

#[test]
fn a_value_may_hold_further_colons() {
    let terms = Terms::read(Shopify, "tag:owner:C001/s1").unwrap();
    assert_eq!(terms.decisive(&["email", "tag"]).map(|(_, value)| value), Some("owner:C001/s1"));
}

#[test]
fn a_query_is_about_its_first_value_that_is_no_type() {
    assert_eq!(subject(Zendesk, "type:user email:a@b"), Subject::of(b"a@b"));
    assert_eq!(subject(Zendesk, "email:ann*"), Subject::of(b"ann"));
    assert_eq!(subject(Zendesk, "type:user"), Subject::NONE);
    assert_eq!(subject(Auth0, r#"email:"a"#), Subject::NONE);
}

#[test]
fn only_a_term_that_every_hit_must_meet_is_decisive() {
    for query in ["email:a OR phone:1", "-email:a", "email:a*", "a", "(email:a OR b)", "email:>a"] {
        assert_eq!(Terms::read(Auth0, query).unwrap().decisive(&["email"]), None, "{query}");
    }
    assert_eq!(Terms::read(Zendesk, "email:a email:b").unwrap().decisive(&["email"]), None);
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in any::<String>(), other in r#"[ab:"'\\*\- ()<>=\[\]{}]{0,12}"#) {
        for (language, text) in LANGUAGES.into_iter().flat_map(|language| [(language, &text), (language, &other)]) {
            Terms::of_any(language, text).hold(|term| {
                let texts = term.within("abc") || term.is("é");
                texts || term.is_number(1) || term.is_moment(Stamp(1)) || term.is_flag(true)
            });
        }
    }
}
