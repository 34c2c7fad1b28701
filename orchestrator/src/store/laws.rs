//! What every store promises, tested on each alike.

use proptest::prelude::*;

use super::Store;
use super::memory::Memory;
#[cfg(feature = "live")]
use super::sqlite::Sqlite;
use crate::effect::{Expect, Write};
use crate::event::{Row, Verdict};

fn write(key: &str, expect: Expect, value: Option<&str>) -> Write {
    Write { key: key.to_owned(), expect, value: value.map(|value| value.as_bytes().to_vec()) }
}

fn one(store: &mut dyn Store, writes: Vec<Write>) -> Verdict {
    store.commit(&[writes]).unwrap()[0]
}

fn rows(store: &mut dyn Store, prefix: &str) -> Vec<(String, u64, String)> {
    let told = |Row { key, version, value }| (key, version, String::from_utf8(value).unwrap());
    store.read(prefix).unwrap().into_iter().map(told).collect()
}

fn row(key: &str, version: u64, value: &str) -> (String, u64, String) {
    (key.to_owned(), version, value.to_owned())
}

/// Hands a fresh store of each kind to the law.
fn each(law: impl Fn(&mut dyn Store)) {
    law(&mut Memory::default());
    #[cfg(feature = "live")]
    {
        let folder = tempfile::tempdir().unwrap();
        law(&mut Sqlite::open(&folder.path().join("hub.db")).unwrap());
    }
}

#[test]
fn a_new_row_has_version_one_each_write_raises_it_and_a_removed_row_begins_again() {
    each(|store| {
        assert_eq!(one(store, vec![write("a", Expect::Absent, Some("1"))]), Verdict::Committed);
        assert_eq!(one(store, vec![write("a", Expect::Version(1), Some("2"))]), Verdict::Committed);
        assert_eq!(one(store, vec![write("a", Expect::Any, Some("3"))]), Verdict::Committed);
        assert_eq!(rows(store, "a"), [row("a", 3, "3")]);
        assert_eq!(one(store, vec![write("a", Expect::Version(3), None)]), Verdict::Committed);
        assert_eq!(rows(store, ""), []);
        assert_eq!(one(store, vec![write("a", Expect::Absent, Some("4"))]), Verdict::Committed);
        assert_eq!(rows(store, "a"), [row("a", 1, "4")]);
        assert_eq!(one(store, vec![write("never", Expect::Any, None)]), Verdict::Committed);
    });
}

#[test]
fn a_conflict_changes_nothing_and_hinders_none_of_the_same_group() {
    each(|store| {
        assert_eq!(one(store, vec![write("a", Expect::Absent, Some("1"))]), Verdict::Committed);
        let fresh = || write("b", Expect::Any, Some("x"));
        let commits = [
            vec![fresh(), write("a", Expect::Absent, Some("2"))],
            vec![fresh(), write("a", Expect::Version(2), Some("2"))],
            vec![fresh(), write("none", Expect::Version(1), None)],
            vec![write("c", Expect::Absent, Some("1"))],
            vec![write("c", Expect::Absent, Some("2"))],
            vec![write("c", Expect::Version(1), Some("3"))],
        ];
        let conflict = Verdict::Conflict;
        let verdicts = [conflict, conflict, conflict, Verdict::Committed, conflict, Verdict::Committed];
        assert_eq!(store.commit(&commits).unwrap(), verdicts);
        assert_eq!(rows(store, ""), [row("a", 1, "1"), row("c", 2, "3")]);
        assert_eq!(store.commit(&[]).unwrap(), []);
    });
}

#[test]
fn a_read_gives_the_rows_under_its_prefix_in_order_of_their_bytes() {
    each(|store| {
        let keys = ["b/2", "a/1", "b/1", "c", "b", "b/é", "b0", "B/1", "b/"];
        let writes = keys.iter().map(|key| write(key, Expect::Absent, Some("v"))).collect();
        assert_eq!(one(store, writes), Verdict::Committed);
        let under: Vec<_> = rows(store, "b/").into_iter().map(|(key, ..)| key).collect();
        assert_eq!(under, ["b/", "b/1", "b/2", "b/é"]);
        assert_eq!(rows(store, "").len(), keys.len());
        assert_eq!(rows(store, "d"), []);
    });
}

#[test]
fn a_full_store_says_so_keeps_what_it_has_and_takes_what_still_fits() {
    let law = |store: &mut dyn Store, large: &str| {
        assert_eq!(one(store, vec![write("a", Expect::Absent, Some("1"))]), Verdict::Committed);
        let commits = [
            vec![write("b", Expect::Absent, Some("2"))],
            (0..400).map(|n| write(&format!("large{n}"), Expect::Absent, Some(large))).collect(),
            vec![write("a", Expect::Version(1), Some("3"))],
            vec![write("a", Expect::Version(1), Some("4"))],
        ];
        let verdicts = [Verdict::Committed, Verdict::Full, Verdict::Committed, Verdict::Conflict];
        assert_eq!(store.commit(&commits).unwrap(), verdicts);
        assert_eq!(rows(store, ""), [row("a", 2, "3"), row("b", 1, "2")]);
        assert_eq!(one(store, vec![write("b", Expect::Version(1), None)]), Verdict::Committed);
    };
    law(&mut Memory::bounded(10), "x");
    #[cfg(feature = "live")]
    {
        let folder = tempfile::tempdir().unwrap();
        let store = &mut Sqlite::open(&folder.path().join("hub.db")).unwrap();
        store.bound_pages(20).unwrap();
        law(store, &"x".repeat(1000));
    }
}

#[cfg(feature = "live")]
#[test]
fn what_is_committed_is_there_when_the_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let mut store = Sqlite::open(&path).unwrap();
    assert_eq!(one(&mut store, vec![write("a", Expect::Absent, Some("1"))]), Verdict::Committed);
    assert_eq!(one(&mut store, vec![write("a", Expect::Absent, Some("2"))]), Verdict::Conflict);
    drop(store);
    assert_eq!(rows(&mut Sqlite::open(&path).unwrap(), ""), [row("a", 1, "1")]);
}

fn any_write() -> impl Strategy<Value = Write> {
    let expect = prop_oneof![Just(Expect::Any), Just(Expect::Absent), (0_u64..4).prop_map(Expect::Version)];
    ("[ab]{1,2}", expect, proptest::option::of("[xy]"))
        .prop_map(|(key, expect, value)| write(&key, expect, value.as_deref()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn grouped_or_one_by_one_every_store_ends_alike(
        commits in proptest::collection::vec(proptest::collection::vec(any_write(), 0..4), 0..12),
    ) {
        let mut alone = Memory::default();
        let expected: Vec<_> = commits.iter().map(|writes| one(&mut alone, writes.clone())).collect();
        let expected_rows = rows(&mut alone, "");
        each(|store| {
            assert_eq!(store.commit(&commits).unwrap(), expected);
            assert_eq!(rows(store, ""), expected_rows);
        });
    }
}
