//! What is wrong with a reply that could not be read, in the words of whoever writes such programs: what JSON readers say
//! of two effects in one object, or of a time with a fraction, does not tell what to write instead.

use serde_json::Value;

/// Fields that hold a moment or a length of time.
const TIMES: [&str; 3] = ["time_out", "not_after", "at"];

/// So many names of an object are shown.
const SHOWN: usize = 4;

/// What is wrong with this line; where there is nothing better to say, what the reader said.
pub(super) fn told(line: &[u8], error: &serde_json::Error) -> String {
    let better = || {
        let reply: Value = serde_json::from_slice(line).ok()?;
        let effects = reply.get("effects")?.as_array()?;
        effects.iter().enumerate().find_map(|(nth, effect)| {
            let place = format!("effects[{nth}]");
            crowded(effect, &place).or_else(|| odd_number(effect, &place, ""))
        })
    };
    better().unwrap_or_else(|| error.to_string())
}

/// An effect that names more than its kind.
fn crowded(effect: &Value, place: &str) -> Option<String> {
    let names = effect.as_object().filter(|object| object.len() > 1)?;
    let shown: Vec<_> = names.keys().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > SHOWN { ", …" } else { "" };
    Some(format!(
        "`{place}` names {}{more}: one effect an object, whose only name is the kind of the effect, as \
         {{\"wake\":{{\"at\":0}}}}",
        shown.join(", ")
    ))
}

/// A number that is not whole or is below zero, and what is no number where a time belongs.
fn odd_number(value: &Value, place: &str, name: &str) -> Option<String> {
    let is_time = TIMES.contains(&name);
    match value {
        Value::Number(number) if number.is_u64() => None,
        Value::Number(_) | Value::String(_) if is_time => {
            Some(format!("`{place}` is {value}, but times are whole nanoseconds, from 0: 1.5 s are 1500000000"))
        }
        Value::Number(_) => Some(format!("`{place}` is {value}, but all numbers are whole, from 0")),
        Value::Object(inner) => {
            inner.iter().find_map(|(name, value)| odd_number(value, &format!("{place}.{name}"), name))
        }
        Value::Array(inner) => {
            inner.iter().enumerate().find_map(|(nth, value)| odd_number(value, &format!("{place}[{nth}]"), ""))
        }
        _ => None,
    }
}
