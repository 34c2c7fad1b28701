//! What the parameters of a read say, checked as the vendor checks them: what it does not know it refuses, rather than
//! to answer as if it had not been asked.

use std::borrow::Cow;

use super::super::target::{Query, decode};
use super::shown::Shown;
use super::user::{Row, User};

/// Parameters of a read of one user ("Get a User").
const OF_ONE: &[&str] = &["fields", "include_fields"];
/// Parameters of a read by e-mail ("Search Users by Email").
const BY_EMAIL: &[&str] = &["email", "fields", "include_fields"];
/// Parameters of lists and searches ("List or Search Users").
const OF_LIST: &[&str] = &[
    "q",
    "search_engine",
    "page",
    "per_page",
    "include_totals",
    "sort",
    "connection",
    "fields",
    "include_fields",
    "primary_order",
];
/// The largest page.
const MOST_A_PAGE: u64 = 100;

/// Which fields a read of one user shows, or what is wrong with its parameters.
pub(super) fn of_one(query: Query<'_>) -> Result<Shown, String> {
    if query.0.is_empty() {
        return Ok(Shown::ALL);
    }
    known(query, OF_ONE)?;
    shown(query)
}

/// The e-mail that is asked for, and which fields are shown.
pub(super) fn by_email(query: Query<'_>) -> Result<(Cow<'_, str>, Shown), String> {
    known(query, BY_EMAIL)?;
    let email = query.get("email").ok_or("Query validation error: 'Missing required property: email'.")?;
    Ok((email, shown(query)?))
}

/// What a list is asked for, beside the search itself.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    pub(super) page: u64,
    pub(super) per_page: u64,
    pub(super) totals: bool,
    pub(super) connection: Option<Cow<'a, str>>,
    pub(super) sort: Option<Sort>,
    pub(super) shown: Shown,
}

impl<'a> Listing<'a> {
    /// Reads a query.
    pub(super) fn of(query: Query<'a>) -> Result<Self, String> {
        known(query, OF_LIST)?;
        let per_page = whole_number(query, "per_page")?.unwrap_or(50);
        if per_page > MOST_A_PAGE {
            return Err("Query validation error: 'Value 'per_page' is greater than maximum 100'.".to_owned());
        }
        if let Some(engine) = query.get("search_engine").filter(|engine| engine != "v3") {
            return Err(format!("Query validation error: 'No enum match for: {engine}' on property search_engine."));
        }
        flag(query, "primary_order")?;
        flag(query, "include_totals")?;
        Ok(Self {
            page: whole_number(query, "page")?.unwrap_or(0),
            per_page,
            totals: query.is_true("include_totals"),
            connection: query.get("connection").filter(|connection| !connection.is_empty()),
            sort: query.get("sort").filter(|sort| !sort.is_empty()).map(|sort| Sort::of(&sort)).transpose()?,
            shown: shown(query)?,
        })
    }
}

/// By which field a list is sorted, and whether from its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sort {
    by: By,
    pub(super) backwards: bool,
}

#[derive(Debug, Clone, Copy)]
enum By {
    Created,
    Updated,
    Email,
    Id,
    Name,
    Nickname,
    GivenName,
    FamilyName,
    Username,
    Phone,
    /// Fields that no user has: nobody logs in.
    None,
}

impl Sort {
    /// Reads `field:1` and `field:-1`.
    fn of(text: &str) -> Result<Self, String> {
        let (field, order) = text.rsplit_once(':').unwrap_or((text, ""));
        let by = match field {
            "created_at" => Some(By::Created),
            "updated_at" => Some(By::Updated),
            "email" => Some(By::Email),
            "user_id" => Some(By::Id),
            "name" => Some(By::Name),
            "nickname" => Some(By::Nickname),
            "given_name" => Some(By::GivenName),
            "family_name" => Some(By::FamilyName),
            "username" => Some(By::Username),
            "phone_number" => Some(By::Phone),
            "logins_count" | "last_login" | "last_ip" => Some(By::None),
            _ => None,
        };
        match (by, order) {
            (Some(by), "1" | "-1") => Ok(Self { by, backwards: order == "-1" }),
            _ => Err(format!(
                "Query validation error: 'String '{text}' does not match pattern: a field of the profile, a colon, and \
                 1 or -1' on property sort (Field to sort by)."
            )),
        }
    }

    /// Which of two users comes first, the order turned or not.
    pub(super) fn compare(self, one: (&Row, &User), other: (&Row, &User)) -> std::cmp::Ordering {
        let order = match self.by {
            By::Created => one.0.created.0.cmp(&other.0.created.0),
            By::Updated => one.0.updated.0.cmp(&other.0.updated.0),
            By::Email => one.1.email.cmp(&other.1.email),
            By::Id => one.0.id.cmp(&other.0.id),
            By::Name => one.1.shown_name().cmp(other.1.shown_name()),
            By::Nickname => one.1.shown_nickname().cmp(other.1.shown_nickname()),
            By::GivenName => one.1.given_name.cmp(&other.1.given_name),
            By::FamilyName => one.1.family_name.cmp(&other.1.family_name),
            By::Username => one.1.username.cmp(&other.1.username),
            By::Phone => one.1.phone_number.cmp(&other.1.phone_number),
            By::None => std::cmp::Ordering::Equal,
        };
        if self.backwards { order.reverse() } else { order }
    }
}

/// Refuses parameters that the route does not know.
fn known(query: Query<'_>, names: &[&str]) -> Result<(), String> {
    let strange = |name: &str| !name.is_empty() && !names.contains(&name);
    let unknown: Vec<_> = query.pairs().map(|(name, _)| decode(name, true)).filter(|name| strange(name)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(format!("Query validation error: 'Additional properties not allowed: {}'.", unknown.join(",")))
}

fn shown(query: Query<'_>) -> Result<Shown, String> {
    flag(query, "include_fields")?;
    Ok(Shown::of(query))
}

fn flag(query: Query<'_>, name: &str) -> Result<(), String> {
    match query.get(name).as_deref() {
        None | Some("" | "true" | "false") => Ok(()),
        Some(_) => {
            Err(format!("Query validation error: 'Expected type boolean but found type string' on property {name}."))
        }
    }
}

fn whole_number(query: Query<'_>, name: &str) -> Result<Option<u64>, String> {
    let Some(text) = query.get(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    if let Ok(number) = text.parse() {
        return Ok(Some(number));
    }
    let negative = text.strip_prefix('-').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    Err(if negative {
        format!("Query validation error: 'Value {text} is less than minimum 0' on property {name}.")
    } else {
        format!("Query validation error: 'Expected type integer but found type string' on property {name}.")
    })
}
