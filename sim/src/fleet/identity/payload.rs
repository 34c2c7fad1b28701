//! Why a body that creates or changes a user is refused, in the vendor's words. Read only once a body is not what the
//! reader of users takes, so that a sound one never pays for it.

use super::super::body::Body;
use super::answer;
use crate::wire::Response;

/// What a body is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// `POST users`
    Create,
    /// `PATCH users/{id}`
    Update,
}

/// What a property must be.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Flag,
    Object,
    /// Only the tenant writes it. Clients that send a whole user back on update mean no harm: it is passed over.
    Kept,
    /// None that the route takes.
    Unknown,
}

/// The schema of the two routes, as the API explorer shows it ("Create a User", "Update a User").
fn kind_of(name: &str, verb: Verb) -> Kind {
    match (name, verb) {
        ("client_id", Verb::Create) => Kind::Unknown,
        (
            "connection" | "email" | "phone_number" | "username" | "given_name" | "family_name" | "name" | "nickname"
            | "picture" | "password" | "client_id" | "user_id",
            _,
        ) => Kind::Text,
        (
            "email_verified"
            | "phone_verified"
            | "blocked"
            | "verify_email"
            | "verify_password"
            | "verify_phone_number",
            _,
        ) => Kind::Flag,
        ("app_metadata" | "user_metadata", _) => Kind::Object,
        (
            "created_at"
            | "updated_at"
            | "identities"
            | "last_ip"
            | "last_login"
            | "last_password_reset"
            | "logins_count"
            | "multifactor",
            Verb::Update,
        ) => Kind::Kept,
        _ => Kind::Unknown,
    }
}

/// What is wrong with a body.
#[derive(Debug, Default)]
struct Faults {
    /// The properties that the route does not take.
    unknown: Vec<String>,
    /// The first value of a wrong type: what was expected, what was found, and where.
    misfit: Option<(&'static str, &'static str, String)>,
}

impl Faults {
    fn of(body: &[u8], verb: Verb) -> Option<Self> {
        let mut faults = Self::default();
        Body::read(body, |body| {
            body.object(|name, body| {
                let (kind, found) = (kind_of(name, verb), type_of(body.raw()?));
                let expected = match kind {
                    Kind::Unknown => {
                        faults.unknown.push(name.to_owned());
                        return Some(());
                    }
                    Kind::Kept => return Some(()),
                    Kind::Text => "string",
                    Kind::Flag => "boolean",
                    Kind::Object => "object",
                };
                if found != expected && found != "null" && faults.misfit.is_none() {
                    faults.misfit = Some((expected, found, name.to_owned()));
                }
                Some(())
            })
        })?;
        Some(faults)
    }
}

/// Whether a body says nothing that the route does not take.
pub(super) fn is_sound(body: &[u8], verb: Verb) -> bool {
    Faults::of(body, verb).is_some_and(|faults| faults.unknown.is_empty() && faults.misfit.is_none())
}

/// 400, with the first reason that there is.
pub(super) fn refusal(body: &[u8], verb: Verb) -> Response {
    let Some(faults) = Faults::of(body, verb) else {
        return answer::invalid_body(&match Body::read(body, |body| body.raw().map(type_of)) {
            Some(found) => format!("Payload validation error: 'Expected type object but found type {found}'."),
            None => "Payload validation error: 'Invalid JSON'.".to_owned(),
        });
    };
    if !faults.unknown.is_empty() {
        return answer::invalid_body(&format!(
            "Payload validation error: 'Additional properties not allowed: {} (consider storing them in app_metadata \
             or user_metadata. See \"Users Metadata\" in https://auth0.com/docs/api/v2/changes for more details)'.",
            faults.unknown.join(",")
        ));
    }
    answer::invalid_body(&match faults.misfit {
        Some((expected, found, name)) => {
            format!("Payload validation error: 'Expected type {expected} but found type {found}' on property {name}.")
        }
        None => "Payload validation error: 'Invalid JSON'.".to_owned(),
    })
}

/// What JSON Schema calls the type of a value, by its first letter; a number with a point or an exponent is no integer.
fn type_of(value: &str) -> &'static str {
    match value.as_bytes().first() {
        Some(b'"') => "string",
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        _ if value.contains(['.', 'e', 'E']) => "number",
        _ => "integer",
    }
}
