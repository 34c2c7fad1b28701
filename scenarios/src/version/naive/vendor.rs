//! The naive orchestrator's requests in the vendors' dialects, and the few things it reads from their answers.
//! In which order they are sent, and what follows when one fails, is the parent's.

use std::borrow::Cow;

use sagaproof_sim::fleet::System;
use sagaproof_sim::fleet::auth::Credentials;
use sagaproof_sim::wire::{Headers, Method, Request};
use serde::{Deserialize, Serialize};

use super::customer::Customer;

const LOGIN: Credentials = Credentials::SIMULATION;
const SHOP: &str = "/admin/api/2026-01/customers";
const DESK: &str = "/api/v2/users";
const IDENTITY: &str = "/api/v2/users";

/// One request to one vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::version) enum Call {
    CommerceCreate,
    CommerceUpdate,
    CommerceDelete,
    /// Where deletion was refused: blanks the record and marks it closed.
    CommerceBlank,
    SupportCreate,
    SupportUpdate,
    /// Lists the e-mail identities: an updated e-mail is only a secondary one yet.
    SupportEmails,
    SupportPromote,
    SupportDrop,
    SupportDelete,
    SupportPurge,
    Token,
    IdentityCreate,
    IdentityUpdate,
    IdentityDelete,
    Welcome,
}

/// The e-mail identities of a support user that an update has to handle.
#[derive(Debug, Clone, Default)]
pub(in crate::version) struct Emails {
    /// The one to make primary.
    pub(in crate::version) wanted: String,
    /// The one that was primary.
    pub(in crate::version) former: String,
}

/// What a request is made from.
pub(in crate::version) struct Subject<'a> {
    pub(in crate::version) customer: &'a Customer,
    pub(in crate::version) emails: &'a Emails,
    pub(in crate::version) token: &'a str,
}

impl Call {
    /// Whom it goes to.
    pub(in crate::version) const fn to(self) -> System {
        match self {
            Self::CommerceCreate | Self::CommerceUpdate | Self::CommerceDelete | Self::CommerceBlank => {
                System::Commerce
            }
            Self::SupportCreate
            | Self::SupportUpdate
            | Self::SupportEmails
            | Self::SupportPromote
            | Self::SupportDrop
            | Self::SupportDelete
            | Self::SupportPurge => System::Support,
            Self::Token | Self::IdentityCreate | Self::IdentityUpdate | Self::IdentityDelete => System::Identity,
            Self::Welcome => System::Messaging,
        }
    }

    /// Whether it needs identity's access token.
    pub(in crate::version) const fn needs_token(self) -> bool {
        matches!(self, Self::IdentityCreate | Self::IdentityUpdate | Self::IdentityDelete)
    }

    /// Whether it removes something, so that what is gone already is as good.
    pub(in crate::version) const fn deletes(self) -> bool {
        matches!(
            self,
            Self::CommerceDelete | Self::SupportDelete | Self::SupportPurge | Self::SupportDrop | Self::IdentityDelete
        )
    }

    /// The request.
    pub(in crate::version) fn request(self, subject: &Subject<'_>) -> Request {
        let (method, target, body) = match self.to() {
            System::Commerce => self.commerce(subject.customer),
            System::Support => self.support(subject),
            System::Identity => self.identity(subject.customer),
            System::Messaging | System::Hub => welcome(subject.customer),
        };
        let mut headers = Headers::new();
        let form = self == Self::Token;
        headers.push("content-type", if form { "application/x-www-form-urlencoded" } else { "application/json" });
        match self.to() {
            System::Commerce => headers.push("x-shopify-access-token", LOGIN.commerce_token),
            System::Support => headers.push("authorization", &basic()),
            System::Identity if form => {}
            System::Identity => headers.push("authorization", &["Bearer ", subject.token].concat()),
            System::Messaging | System::Hub => {
                headers.push("authorization", &["Bearer ", LOGIN.messaging_token].concat());
            }
        }
        Request { method, target, headers, body }
    }

    fn commerce(self, customer: &Customer) -> (Method, String, Vec<u8>) {
        let one = || [SHOP, "/", &customer.ids.commerce, ".json"].concat();
        let tags = ["owner:", &customer.cust_no].concat();
        let body = json(&Shop {
            customer: ShopCustomer {
                email: Some(&customer.email),
                phone: customer.phone.as_deref(),
                first_name: &customer.given_name,
                last_name: &customer.family_name,
                tags: &tags,
            },
        });
        match self {
            Self::CommerceCreate => (Method::Post, [SHOP, ".json"].concat(), body),
            Self::CommerceUpdate => (Method::Put, one(), body),
            Self::CommerceBlank => {
                let tags = [&tags, ", closed"].concat();
                let blank = ShopCustomer { email: None, phone: None, first_name: "", last_name: "", tags: &tags };
                (Method::Put, one(), json(&Shop { customer: blank }))
            }
            _ => (Method::Delete, one(), Vec::new()),
        }
    }

    fn support(self, subject: &Subject<'_>) -> (Method, String, Vec<u8>) {
        let customer = subject.customer;
        let one = [DESK, "/", &customer.ids.support].concat();
        let name = [&customer.given_name, " ", &customer.family_name].concat();
        let user = Desk {
            user: DeskUser {
                name: name.trim(),
                email: &customer.email,
                phone: customer.phone.as_deref(),
                external_id: &customer.cust_no,
            },
        };
        match self {
            Self::SupportCreate => (Method::Post, [DESK, ".json"].concat(), json(&user)),
            Self::SupportUpdate => (Method::Put, one + ".json", json(&user)),
            Self::SupportEmails => (Method::Get, one + "/identities.json", Vec::new()),
            Self::SupportPromote => {
                (Method::Put, [&one, "/identities/", &subject.emails.wanted, "/make_primary.json"].concat(), Vec::new())
            }
            Self::SupportDrop => {
                (Method::Delete, [&one, "/identities/", &subject.emails.former, ".json"].concat(), Vec::new())
            }
            Self::SupportPurge => {
                (Method::Delete, ["/api/v2/deleted_users/", &customer.ids.support, ".json"].concat(), Vec::new())
            }
            _ => (Method::Delete, one + ".json", Vec::new()),
        }
    }

    fn identity(self, customer: &Customer) -> (Method, String, Vec<u8>) {
        let one = || [IDENTITY, "/", &customer.ids.identity.replace('|', "%7C")].concat();
        let name = [&customer.given_name, " ", &customer.family_name].concat();
        let mut user = IdentityUser {
            connection: None,
            user_id: None,
            password: None,
            email: &customer.email,
            given_name: &customer.given_name,
            family_name: &customer.family_name,
            name: name.trim(),
            app_metadata: Owner { owner: &customer.cust_no },
        };
        match self {
            Self::Token => (Method::Post, "/oauth/token".to_owned(), token_form()),
            Self::IdentityCreate => {
                user.connection = Some("Username-Password-Authentication");
                user.user_id = Some(&customer.cust_no);
                user.password = Some("Not-guessed-1");
                (Method::Post, IDENTITY.to_owned(), json(&user))
            }
            Self::IdentityUpdate => (Method::Patch, one(), json(&user)),
            _ => (Method::Delete, one(), Vec::new()),
        }
    }
}

fn welcome(customer: &Customer) -> (Method, String, Vec<u8>) {
    let push = Push { to: &customer.cust_no, messages: [Message { kind: "text", text: "Welcome!" }] };
    (Method::Post, "/v2/bot/message/push".to_owned(), json(&push))
}

fn token_form() -> Vec<u8> {
    let audience = LOGIN.identity_audience.replace(':', "%3A").replace('/', "%2F");
    [
        "grant_type=client_credentials&client_id=",
        LOGIN.identity_client_id,
        "&client_secret=",
        LOGIN.identity_client_secret,
        "&audience=",
        &audience,
    ]
    .concat()
    .into_bytes()
}

/// HTTP Basic with an API token, as RFC 7617 and the vendor have it.
fn basic() -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let login = [LOGIN.support_email, "/token:", LOGIN.support_token].concat();
    let mut out = String::from("Basic ");
    for chunk in login.as_bytes().chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for place in 0..4 {
            let sextet = (word >> (18 - 6 * place)) as usize & 63;
            out.push(if place <= chunk.len() { char::from(ALPHABET[sextet]) } else { '=' });
        }
    }
    out
}

/// Reads the id that a creation at commerce answered with.
pub(in crate::version) fn commerce_id(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Envelope {
        customer: Id<u64>,
    }
    serde_json::from_slice::<Envelope>(body).ok().map(|envelope| envelope.customer.id.to_string())
}

/// Reads the id that a creation at support answered with.
pub(in crate::version) fn support_id(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Envelope {
        user: Id<u64>,
    }
    serde_json::from_slice::<Envelope>(body).ok().map(|envelope| envelope.user.id.to_string())
}

/// Reads the full id that a creation at identity answered with.
pub(in crate::version) fn identity_id(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct User {
        user_id: String,
    }
    serde_json::from_slice::<User>(body).ok().map(|user| user.user_id)
}

/// Reads the access token and its life in seconds.
pub(in crate::version) fn token(body: &[u8]) -> Option<(String, u64)> {
    #[derive(Deserialize)]
    struct Token {
        access_token: String,
        expires_in: u64,
    }
    serde_json::from_slice::<Token>(body).ok().map(|token| (token.access_token, token.expires_in))
}

/// Finds, in a list of identities, the wanted e-mail's and the one that is primary now.
pub(in crate::version) fn emails(body: &[u8], wanted: &str) -> Option<Emails> {
    #[derive(Deserialize)]
    struct List<'a> {
        #[serde(borrow)]
        identities: Vec<Identity<'a>>,
    }
    #[derive(Deserialize)]
    struct Identity<'a> {
        id: u64,
        #[serde(borrow, rename = "type")]
        kind: Cow<'a, str>,
        #[serde(borrow)]
        value: Cow<'a, str>,
        primary: bool,
    }
    let list: List<'_> = serde_json::from_slice(body).ok()?;
    let mails = || list.identities.iter().filter(|identity| identity.kind == "email");
    Some(Emails {
        wanted: mails().find(|identity| identity.value.eq_ignore_ascii_case(wanted))?.id.to_string(),
        former: mails().find(|identity| identity.primary)?.id.to_string(),
    })
}

fn json(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).unwrap_or_default()
}

#[derive(Deserialize)]
struct Id<T> {
    id: T,
}

#[derive(Serialize)]
struct Shop<'a> {
    customer: ShopCustomer<'a>,
}

#[derive(Serialize)]
struct ShopCustomer<'a> {
    email: Option<&'a str>,
    phone: Option<&'a str>,
    first_name: &'a str,
    last_name: &'a str,
    tags: &'a str,
}

#[derive(Serialize)]
struct Desk<'a> {
    user: DeskUser<'a>,
}

#[derive(Serialize)]
struct DeskUser<'a> {
    name: &'a str,
    email: &'a str,
    phone: Option<&'a str>,
    external_id: &'a str,
}

#[derive(Serialize)]
struct IdentityUser<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
    email: &'a str,
    given_name: &'a str,
    family_name: &'a str,
    name: &'a str,
    app_metadata: Owner<'a>,
}

#[derive(Serialize)]
struct Owner<'a> {
    owner: &'a str,
}

#[derive(Serialize)]
struct Push<'a> {
    to: &'a str,
    messages: [Message<'a>; 1],
}

#[derive(Serialize)]
struct Message<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    text: &'a str,
}
