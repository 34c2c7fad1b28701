//! What arguments of the shop's GraphQL API may be, by Shopify's names of types. What is known by name only is taken and
//! let be, as the REST API does with what is absent here.

/// An argument, or a field of an input object.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) name: &'static str,
    pub(super) of: Kind,
    /// Whether it must be given.
    pub(super) needed: bool,
}

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Id,
    Text,
    Int,
    Flag,
    Choice(&'static Choice),
    Object(&'static Input),
    List(&'static Kind),
    /// Anything, under this name.
    Any(&'static str),
}

/// An enumeration.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) name: &'static str,
    pub(super) values: &'static [&'static str],
}

/// An input object.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) name: &'static str,
    pub(super) fields: &'static [Argument],
}

/// An argument that may be given.
pub(super) const fn may(name: &'static str, of: Kind) -> Argument {
    Argument { name, of, needed: false }
}

/// An argument that must be given.
pub(super) const fn must(name: &'static str, of: Kind) -> Argument {
    Argument { name, of, needed: true }
}

const TEXTS: Kind = Kind::List(&Kind::Text);
const ADDRESS: Kind = Kind::Any("MailingAddressInput");
const METAFIELD: Kind = Kind::Any("MetafieldInput");
const EMAIL_CONSENT: Kind = Kind::Any("CustomerEmailMarketingConsentInput");
const SMS_CONSENT: Kind = Kind::Any("CustomerSmsMarketingConsentInput");
const EXEMPTION: Kind = Kind::Any("TaxExemption");
const CUSTOM_ID: Kind = Kind::Any("UniqueMetafieldValueInput");
/// All that is known by name only.
const NAMED: [Kind; 6] = [ADDRESS, METAFIELD, EMAIL_CONSENT, SMS_CONSENT, EXEMPTION, CUSTOM_ID];

/// What `customers` can be sorted by.
static CUSTOMER_SORT: Choice =
    Choice { name: "CustomerSortKeys", values: &["CREATED_AT", "ID", "LOCATION", "NAME", "RELEVANCE", "UPDATED_AT"] };
/// What `orders` can be sorted by: what is the same of all orders here leaves them as they came.
static ORDER_SORT: Choice = Choice {
    name: "OrderSortKeys",
    values: &[
        "CREATED_AT",
        "CUSTOMER_NAME",
        "FINANCIAL_STATUS",
        "FULFILLMENT_STATUS",
        "ID",
        "ORDER_NUMBER",
        "PROCESSED_AT",
        "RELEVANCE",
        "TOTAL_PRICE",
        "UPDATED_AT",
    ],
};
static CUSTOMER: Input = Input {
    name: "CustomerInput",
    fields: &[
        may("id", Kind::Id),
        may("email", Kind::Text),
        may("phone", Kind::Text),
        may("firstName", Kind::Text),
        may("lastName", Kind::Text),
        may("note", Kind::Text),
        may("tags", TEXTS),
        may("locale", Kind::Text),
        may("multipassIdentifier", Kind::Text),
        may("taxExempt", Kind::Flag),
        may("taxExemptions", Kind::List(&EXEMPTION)),
        may("addresses", Kind::List(&ADDRESS)),
        may("metafields", Kind::List(&METAFIELD)),
        may("emailMarketingConsent", EMAIL_CONSENT),
        may("smsMarketingConsent", SMS_CONSENT),
    ],
};
static CUSTOMER_DELETE: Input = Input { name: "CustomerDeleteInput", fields: &[must("id", Kind::Id)] };
static IDENTIFIER: Input = Input {
    name: "CustomerIdentifierInput",
    fields: &[
        may("id", Kind::Id),
        may("emailAddress", Kind::Text),
        may("phoneNumber", Kind::Text),
        may("customId", CUSTOM_ID),
    ],
};
static OVERRIDES: Input = Input {
    name: "CustomerMergeOverrideFields",
    fields: &[
        may("customerIdOfEmailToKeep", Kind::Id),
        may("customerIdOfPhoneNumberToKeep", Kind::Id),
        may("customerIdOfFirstNameToKeep", Kind::Id),
        may("customerIdOfLastNameToKeep", Kind::Id),
        may("customerIdOfDefaultAddressToKeep", Kind::Id),
        may("note", Kind::Text),
        may("tags", TEXTS),
    ],
};
static SET_IDENTIFIERS: Input = Input {
    name: "CustomerSetIdentifiers",
    fields: &[may("id", Kind::Id), may("email", Kind::Text), may("phone", Kind::Text), may("customId", CUSTOM_ID)],
};
static CUSTOMER_SET_INPUT: Input = Input {
    name: "CustomerSetInput",
    fields: &[
        may("id", Kind::Id),
        may("email", Kind::Text),
        may("phone", Kind::Text),
        may("firstName", Kind::Text),
        may("lastName", Kind::Text),
        may("note", Kind::Text),
        may("tags", TEXTS),
        may("locale", Kind::Text),
        may("taxExempt", Kind::Flag),
        may("taxExemptions", Kind::List(&EXEMPTION)),
        may("addresses", Kind::List(&ADDRESS)),
    ],
};
static CHOICES: [&Choice; 2] = [&CUSTOMER_SORT, &ORDER_SORT];
static OBJECTS: [&Input; 6] =
    [&CUSTOMER, &CUSTOMER_DELETE, &CUSTOMER_SET_INPUT, &SET_IDENTIFIERS, &IDENTIFIER, &OVERRIDES];

pub(super) const NOTHING: &[Argument] = &[];
pub(super) const ID: &[Argument] = &[must("id", Kind::Id)];
pub(super) const IDS: &[Argument] = &[must("ids", Kind::List(&Kind::Id))];
pub(super) const TAGS: &[Argument] = &[must("id", Kind::Id), must("tags", TEXTS)];
pub(super) const COUNT: &[Argument] = &[may("query", Kind::Text), may("limit", Kind::Int)];
pub(super) const CUSTOMER_SET: &[Argument] =
    &[must("input", Kind::Object(&CUSTOMER_SET_INPUT)), may("identifier", Kind::Object(&SET_IDENTIFIERS))];
pub(super) const JOB: &[Argument] = &[must("jobId", Kind::Id)];
pub(super) const ORDER: &[Argument] = &[must("orderId", Kind::Id)];
pub(super) const ORDER_AND_CUSTOMER: &[Argument] = &[must("orderId", Kind::Id), must("customerId", Kind::Id)];
pub(super) const CUSTOMER_INPUT: &[Argument] = &[must("input", Kind::Object(&CUSTOMER))];
pub(super) const DELETE_INPUT: &[Argument] = &[must("input", Kind::Object(&CUSTOMER_DELETE))];
pub(super) const BY_IDENTIFIER: &[Argument] = &[must("identifier", Kind::Object(&IDENTIFIER))];
pub(super) const MERGE: &[Argument] = &[
    must("customerOneId", Kind::Id),
    must("customerTwoId", Kind::Id),
    may("overrideFields", Kind::Object(&OVERRIDES)),
];
pub(super) const CUSTOMERS: &[Argument] = &[
    may("first", Kind::Int),
    may("after", Kind::Text),
    may("last", Kind::Int),
    may("before", Kind::Text),
    may("query", Kind::Text),
    may("sortKey", Kind::Choice(&CUSTOMER_SORT)),
    may("reverse", Kind::Flag),
];
pub(super) const ORDERS: &[Argument] = &[
    may("first", Kind::Int),
    may("after", Kind::Text),
    may("last", Kind::Int),
    may("before", Kind::Text),
    may("query", Kind::Text),
    may("sortKey", Kind::Choice(&ORDER_SORT)),
    may("reverse", Kind::Flag),
];

impl Kind {
    /// The kind of this name, if it is no list.
    pub(super) fn named(name: &str) -> Option<Self> {
        let scalar = [Self::Id, Self::Text, Self::Int, Self::Flag].into_iter();
        let choices = CHOICES.into_iter().map(Self::Choice);
        let objects = OBJECTS.into_iter().map(Self::Object);
        scalar.chain(choices).chain(objects).chain(NAMED).find(|kind| kind.name() == name)
    }

    /// Its name; a list's is that of its items.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Id => "ID",
            Self::Text => "String",
            Self::Int => "Int",
            Self::Flag => "Boolean",
            Self::Choice(choice) => choice.name,
            Self::Object(input) => input.name,
            Self::List(of) => of.name(),
            Self::Any(name) => name,
        }
    }

    /// Its name as schemas write it, where it must be given and where it may be.
    pub(super) fn signature(self, needed: bool) -> String {
        let (open, close) = if matches!(self, Self::List(_)) { ("[", "!]") } else { ("", "") };
        [open, self.name(), close, if needed { "!" } else { "" }].concat()
    }
}

/// Whether a text is the global id of anything: `gid://shopify/`, a type, and a number or, of jobs, a UUID.
pub(super) fn is_global_id(text: &str) -> bool {
    let Some((kind, id)) = text.strip_prefix("gid://shopify/").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let id_letter = |byte: u8| byte.is_ascii_digit() || (kind == "Job" && (byte.is_ascii_hexdigit() || byte == b'-'));
    !kind.is_empty()
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !id.is_empty()
        && id.bytes().all(id_letter)
}
