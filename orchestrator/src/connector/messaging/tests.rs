//! Messaging: the bytes of the push, and what its answers say.

use super::super::testing::{asked, credentials, read, record, text, unknown};
use super::*;
use crate::connector::testing::ada;

fn messaging() -> Messaging {
    Messaging::new(&credentials())
}

#[test]
fn a_push_bears_the_retry_key_in_the_vendors_header() {
    assert_eq!(
        text(&asked(&messaging(), &Operation::Push)),
        "POST /v2/bot/message/push\n\
         authorization: Bearer lt\n\
         content-type: application/json\n\
         x-correlation-id: corr-9\n\
         traceparent: 00-11-22-01\n\
         x-line-retry-key: 0b0d9d4e-6d5c-4a3b-8f21-1c2d3e4f5a6b\n\
         \n\
         {\"to\":\"C001\",\"messages\":[{\"type\":\"text\",\"text\":\"Welcome, Ada.\"}]}"
    );
}

#[test]
fn accepted_now_and_accepted_before_are_the_same() {
    let push = |status, body| read(&messaging(), &Operation::Push, status, body);
    assert_eq!(push(200, "{}"), Reading::Accepted);
    assert_eq!(push(200, r#"{"sentMessages":[{"id":"4","quoteToken":"q"}]}"#), Reading::Accepted);
    assert_eq!(push(409, r#"{"message":"The retry key is already accepted"}"#), Reading::Accepted);
    assert!(unknown(&push(409, "<html>Conflict</html>")));
    assert!(unknown(&push(200, "")));
}

#[test]
fn refusals_say_why() {
    let push = |status, body| read(&messaging(), &Operation::Push, status, body);
    let invalid = r#"{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty"}]}"#;
    assert_eq!(push(400, invalid), Reading::Refused("400 The request body has 1 error(s)".into()));
    assert_eq!(push(200, invalid), Reading::Refused("200 The request body has 1 error(s)".into()));
    assert_eq!(push(404, r#"{"message":"Not found"}"#), Reading::Refused("404 Not found".into()));
    assert_eq!(push(429, ""), Reading::NotDone(None));
}

#[test]
fn there_are_no_records_to_mend_or_remove() {
    let (messaging, have) = (messaging(), record("7"));
    assert_eq!((messaging.mend(&ada(), &have), messaging.remove(&have), messaging.blank(&have)), (None, None, None));
}
