//! The journal's rows: one row a commit, each a list of entries, under keys that sort in order. What the entries say
//! is the customer sagas' own; that they are read back whole and in order is decided here.

use serde::de::DeserializeOwned;

use super::SagaId;
use crate::event::Row;

/// Under this prefix stand the journals of all unfinished sagas.
pub const PREFIX: &str = "s/";

/// The key of a saga's nth row.
#[must_use]
pub fn key(saga: SagaId, row: u32) -> String {
    let mut key = prefix(saga);
    push_hex(&mut key, u64::from(row), 6);
    key
}

/// What the keys of a saga's rows begin with.
#[must_use]
pub fn prefix(saga: SagaId) -> String {
    let mut key = String::with_capacity(32);
    key.push_str(PREFIX);
    saga.write(&mut key);
    key.push('/');
    key
}

/// Appends so many lower-case hexadecimal digits, sixteen at most.
pub fn push_hex(out: &mut String, value: u64, digits: usize) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend((0..digits.min(16)).rev().map(|digit| char::from(DIGITS[(value >> (4 * digit) & 0xf) as usize])));
}

/// Why a saga's journal cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// A row's key is not a journal's.
    Key(String),
    /// A row is missing before this one.
    Gap(u32),
    /// This row does not hold entries that this version knows; the parser's words.
    Row(u32, String),
}

/// One saga's journal as read: its entries in order and the number of rows, or why it cannot be read.
#[derive(Debug)]
pub struct Journal<E> {
    /// The saga.
    pub saga: SagaId,
    /// Its entries in order, and how many rows held them.
    pub entries: Result<(Vec<E>, u32), Unreadable>,
}

/// Splits rows, in order of their keys, into journals. One unreadable journal does not hinder the others.
#[must_use]
pub fn decode<E: DeserializeOwned>(rows: &[Row]) -> Vec<Journal<E>> {
    decode_some(rows, |_, _| true)
}

/// A journal's row by its key: the saga, the row's number, and what it says.
pub type Keyed<'a> = (SagaId, u32, &'a [u8]);

/// The same, but only the journals that are wanted, by their sagas and rows; what the others say is not looked at.
#[must_use]
pub fn decode_some<E: DeserializeOwned>(
    rows: &[Row],
    wanted: impl Fn(SagaId, &[Keyed<'_>]) -> bool,
) -> Vec<Journal<E>> {
    let keyed = rows.iter().filter_map(|row| parse_key(&row.key).map(|(saga, number)| (saga, number, &*row.value)));
    let rows: Vec<Keyed<'_>> = keyed.collect();
    let journals = rows.chunk_by(|(one, ..), (next, ..)| one == next).map(|rows| (rows[0].0, rows));
    let journals = journals.filter(|(saga, rows)| wanted(*saga, rows));
    journals.map(|(saga, rows)| Journal { saga, entries: read(rows) }).collect()
}

fn read<E: DeserializeOwned>(rows: &[Keyed<'_>]) -> Result<(Vec<E>, u32), Unreadable> {
    let (mut entries, mut count) = (Vec::new(), 0);
    for &(_, number, value) in rows {
        if number != count {
            return Err(Unreadable::Gap(number));
        }
        // A row that is looked at once for being text need not be looked at string by string.
        let more = match std::str::from_utf8(value) {
            Ok(text) => serde_json::from_str::<Vec<E>>(text),
            Err(_) => serde_json::from_slice(value),
        };
        entries.extend(more.map_err(|error| Unreadable::Row(number, error.to_string()))?);
        count += 1;
    }
    Ok((entries, count))
}

fn parse_key(key: &str) -> Option<(SagaId, u32)> {
    let (saga, row) = key.strip_prefix(PREFIX)?.split_once('/')?;
    Some((SagaId::parse(saga)?, u32::from_str_radix(row, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(saga: u64, number: u32, entries: &[u32]) -> Row {
        Row { key: key(SagaId(saga), number), version: 1, value: serde_json::to_vec(entries).unwrap() }
    }

    #[test]
    fn rows_come_back_in_order_and_apart() {
        let journals = decode::<u32>(&[row(1, 0, &[1, 2]), row(1, 1, &[3]), row(2, 0, &[4])]);
        assert_eq!(journals.len(), 2);
        assert_eq!(journals[0].entries, Ok((vec![1, 2, 3], 2)));
        assert_eq!(journals[1].entries, Ok((vec![4], 1)));
    }

    #[test]
    fn one_unreadable_journal_does_not_hinder_the_others() {
        let mut broken = row(1, 0, &[1]);
        broken.value = b"{".to_vec();
        let journals = decode::<u32>(&[broken, row(2, 0, &[4]), row(3, 1, &[5])]);
        assert!(matches!(journals[0].entries, Err(Unreadable::Row(0, _))));
        assert_eq!(journals[1].entries, Ok((vec![4], 1)));
        assert_eq!(journals[2].entries, Err(Unreadable::Gap(1)));
    }
}
