//! Requests to the facade, written straight into bytes: an operation's, a job's, a last look's. When they are sent is
//! the clients' business.

use sagaproof_sim::chaos::point::Route;
use sagaproof_sim::wire::{Headers, Method, Request};

use crate::operation::{Customer, Kind, Operation, Patch};

/// The numbers of the routes: their places in [`CLIENT_ROUTES`](crate::scenario::CLIENT_ROUTES).
pub(super) const CREATE: Route = Route(0);
pub(super) const UPDATE: Route = Route(1);
pub(super) const CLOSE: Route = Route(2);
pub(super) const READ: Route = Route(3);
const JOB: Route = Route(4);
pub(super) const MERGE: Route = Route(5);
/// An operator's look at the list.
pub(super) const SAGAS: Route = Route(6);
/// An operator's press.
pub(super) const OPERATE: Route = Route(7);

/// The request of an operation, the same every time it is sent, and its route.
#[must_use]
pub fn of(operation: &Operation) -> (Route, Request) {
    let collection = if operation.asynchronous { "/api/async/customers" } else { "/api/customers" };
    let one = |cust_no: &str| {
        let mut target = String::with_capacity(collection.len() + 1 + cust_no.len());
        target.push_str(collection);
        target.push('/');
        target.push_str(cust_no);
        target
    };
    let (route, method, target, body) = match &operation.kind {
        Kind::Create(customer) => (CREATE, Method::Post, collection.to_owned(), creation(customer)),
        Kind::Update { cust_no, changes } => (UPDATE, Method::Patch, one(cust_no), update(changes)),
        Kind::Close { cust_no } => (CLOSE, Method::Delete, one(cust_no), Vec::new()),
        Kind::Merge { cust_no, from } => (MERGE, Method::Post, [&one(cust_no), "/merge"].concat(), merge(from)),
        // Both forms of reading are part of the facade; every second operation takes the other one.
        Kind::Read { cust_no } if operation.id.is_multiple_of(2) => {
            (READ, Method::Get, ["/api/customers?cust_no=", cust_no].concat(), Vec::new())
        }
        Kind::Read { cust_no } => (READ, Method::Get, ["/api/customers/", cust_no].concat(), Vec::new()),
    };
    let mut headers = Headers(String::with_capacity(96));
    if !body.is_empty() {
        headers.push("content-type", "application/json");
    }
    if let Some(key) = operation.key.as_deref().filter(|_| operation.kind.writes()) {
        headers.push("idempotency-key", key);
    }
    if let Some(correlation) = &operation.correlation {
        headers.push("x-correlation-id", correlation);
    }
    (route, Request { method, target, headers, body })
}

/// Asks a job how far it is, and by which route; `location` as the 202 gave it.
#[must_use]
pub fn job(location: &str) -> (Route, Request) {
    (JOB, Request { method: Method::Get, target: location.to_owned(), headers: Headers::new(), body: Vec::new() })
}

/// The last look at a customer.
pub(super) fn look(cust_no: &str) -> Request {
    let target = ["/api/customers/", cust_no].concat();
    Request { method: Method::Get, target, headers: Headers::new(), body: Vec::new() }
}

/// An operator looks at what has not ended.
pub(super) fn sagas() -> Request {
    Request { method: Method::Get, target: "/operator/sagas".to_owned(), headers: Headers::new(), body: Vec::new() }
}

/// An operator presses a button on this saga, which is held to be parked at this step.
pub(super) fn press(saga: &str, button: &str, step: Option<&str>) -> Request {
    pressed(["/operator/sagas/", saga, "/", button].concat(), step)
}

/// An operator redrives all that is parked.
pub(super) fn redrive_all() -> Request {
    pressed("/operator/redrive".to_owned(), None)
}

/// An operator wants all systems compared with the primary.
pub(super) fn reconcile() -> Request {
    pressed("/operator/reconcile".to_owned(), None)
}

fn pressed(target: String, step: Option<&str>) -> Request {
    let mut body = Object::new();
    body.text("by", "operator");
    body.text("reason", "pressed at random");
    if let Some(step) = step {
        body.text("step", step);
    }
    let mut headers = Headers::new();
    headers.push("content-type", "application/json");
    Request { method: Method::Post, target, headers, body: body.end() }
}

fn creation(customer: &Customer) -> Vec<u8> {
    let mut body = Object::new();
    body.text("cust_no", &customer.cust_no);
    body.text("email", &customer.email);
    body.text("given_name", &customer.given_name);
    body.text("family_name", &customer.family_name);
    if let Some(phone) = &customer.phone {
        body.text("phone", phone);
    }
    body.end()
}

fn merge(from: &str) -> Vec<u8> {
    let mut body = Object::new();
    body.text("from", from);
    body.end()
}

fn update(changes: &Patch) -> Vec<u8> {
    let mut body = Object::new();
    let texts = [("email", &changes.email), ("given_name", &changes.given_name), ("family_name", &changes.family_name)];
    for (name, value) in texts {
        if let Some(value) = value {
            body.text(name, value);
        }
    }
    match &changes.phone {
        Some(Some(phone)) => body.text("phone", phone),
        Some(None) => body.null("phone"),
        None => {}
    }
    body.end()
}

/// A flat JSON object under the pen. Names must need no escaping.
struct Object(Vec<u8>);

impl Object {
    fn new() -> Self {
        let mut bytes = Vec::with_capacity(160);
        bytes.push(b'{');
        Self(bytes)
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        self.0.push(b'"');
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.push(b'"');
        if value.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
            self.0.extend_from_slice(value.as_bytes());
        } else {
            value.bytes().for_each(|byte| self.escaped(byte));
        }
        self.0.push(b'"');
    }

    fn escaped(&mut self, byte: u8) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        match byte {
            b'"' | b'\\' => self.0.extend_from_slice(&[b'\\', byte]),
            0..0x20 => {
                self.0.extend_from_slice(b"\\u00");
                self.0.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
            _ => self.0.push(byte),
        }
    }

    fn null(&mut self, name: &str) {
        self.name(name);
        self.0.extend_from_slice(b"null");
    }

    fn end(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_creation_is_the_json_of_its_customer() {
        let customer = Customer {
            cust_no: "C001".to_owned(),
            email: "c001@mail.example".to_owned(),
            given_name: "Ai \"ko\"\n".to_owned(),
            family_name: "Ōta\\".to_owned(),
            phone: None,
        };
        let read: serde_json::Value = serde_json::from_slice(&creation(&customer)).unwrap();
        let wanted = serde_json::json!({
            "cust_no": "C001", "email": "c001@mail.example", "given_name": "Ai \"ko\"\n", "family_name": "Ōta\\",
        });
        assert_eq!(read, wanted);
    }

    #[test]
    fn an_update_names_only_what_changes() {
        let changes = Patch { phone: Some(None), given_name: Some("Ben".to_owned()), ..Patch::default() };
        assert_eq!(update(&changes), *br#"{"given_name":"Ben","phone":null}"#);
        assert_eq!(update(&Patch::default()), *b"{}");
    }
}
