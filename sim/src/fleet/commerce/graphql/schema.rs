//! The part of the shop's GraphQL schema that this fleet knows: which fields each type has, what they take, and what
//! they are. What arguments are stands in `input`, what fields say with whoever resolves them.

use super::input::{self, Argument, NOTHING};

/// The types that have fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Query,
    Mutation,
    Customer,
    CustomerConnection,
    CustomerEdge,
    EmailAddress,
    PhoneNumber,
    Order,
    OrderConnection,
    OrderEdge,
    PageInfo,
    Money,
    Job,
    Shop,
    /// Whatever has an id: a customer or an order.
    Node,
    Count,
    UserError,
    CustomerMergeUserError,
    CustomerSetUserError,
    OrderCustomerSetUserError,
    OrderCustomerRemoveUserError,
    CustomerMergePayload,
    CustomerMergePreview,
    CustomerMergePreviewFields,
    CustomerMergePreviewBlockingFields,
    CustomerMergeError,
    CustomerMergeRequest,
    CustomerCreatePayload,
    CustomerUpdatePayload,
    CustomerDeletePayload,
    CustomerSetPayload,
    TagsAddPayload,
    TagsRemovePayload,
    OrderCustomerSetPayload,
    OrderCustomerRemovePayload,
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// What it is; nothing where it is a value without fields.
    pub(super) of: Option<Type>,
    pub(super) takes: &'static [Argument],
}

const fn leaf(name: &'static str) -> Field {
    Field { name, of: None, takes: NOTHING }
}

const fn one(name: &'static str, of: Type) -> Field {
    Field { name, of: Some(of), takes: NOTHING }
}

const fn with(name: &'static str, of: Type, takes: &'static [Argument]) -> Field {
    Field { name, of: Some(of), takes }
}

const QUERY: &[Field] = &[
    with("customer", Type::Customer, input::ID),
    with("customers", Type::CustomerConnection, input::CUSTOMERS),
    with("customerByIdentifier", Type::Customer, input::BY_IDENTIFIER),
    with("customerMergePreview", Type::CustomerMergePreview, input::MERGE),
    with("customerMergeJobStatus", Type::CustomerMergeRequest, input::JOB),
    with("job", Type::Job, input::ID),
    with("order", Type::Order, input::ID),
    with("orders", Type::OrderConnection, input::ORDERS),
    with("node", Type::Node, input::ID),
    with("nodes", Type::Node, input::IDS),
    with("customersCount", Type::Count, input::COUNT),
    one("shop", Type::Shop),
];
const MUTATION: &[Field] = &[
    with("customerCreate", Type::CustomerCreatePayload, input::CUSTOMER_INPUT),
    with("customerUpdate", Type::CustomerUpdatePayload, input::CUSTOMER_INPUT),
    with("customerDelete", Type::CustomerDeletePayload, input::DELETE_INPUT),
    with("customerSet", Type::CustomerSetPayload, input::CUSTOMER_SET),
    with("tagsAdd", Type::TagsAddPayload, input::TAGS),
    with("tagsRemove", Type::TagsRemovePayload, input::TAGS),
    with("customerMerge", Type::CustomerMergePayload, input::MERGE),
    with("orderCustomerSet", Type::OrderCustomerSetPayload, input::ORDER_AND_CUSTOMER),
    with("orderCustomerRemove", Type::OrderCustomerRemovePayload, input::ORDER),
];
const CUSTOMER: &[Field] = &[
    leaf("id"),
    leaf("legacyResourceId"),
    leaf("email"),
    leaf("phone"),
    leaf("firstName"),
    leaf("lastName"),
    leaf("displayName"),
    leaf("tags"),
    leaf("note"),
    leaf("state"),
    leaf("verifiedEmail"),
    leaf("canDelete"),
    leaf("createdAt"),
    leaf("updatedAt"),
    leaf("numberOfOrders"),
    one("amountSpent", Type::Money),
    one("defaultEmailAddress", Type::EmailAddress),
    one("defaultPhoneNumber", Type::PhoneNumber),
    with("orders", Type::OrderConnection, input::ORDERS),
    one("lastOrder", Type::Order),
];
const ORDER: &[Field] = &[
    leaf("id"),
    leaf("legacyResourceId"),
    leaf("name"),
    leaf("email"),
    leaf("createdAt"),
    leaf("updatedAt"),
    leaf("cancelledAt"),
    leaf("closedAt"),
    leaf("displayFinancialStatus"),
    leaf("displayFulfillmentStatus"),
    one("customer", Type::Customer),
];
const PREVIEW: &[Field] = &[
    one("alternateFields", Type::CustomerMergePreviewFields),
    one("blockingFields", Type::CustomerMergePreviewBlockingFields),
    one("customerMergeErrors", Type::CustomerMergeError),
    one("defaultFields", Type::CustomerMergePreviewFields),
    leaf("resultingCustomerId"),
];
const MERGE_PAYLOAD: &[Field] =
    &[one("job", Type::Job), leaf("resultingCustomerId"), one("userErrors", Type::CustomerMergeUserError)];
const PREVIEW_FIELDS: &[Field] = &[
    leaf("firstName"),
    leaf("lastName"),
    leaf("displayName"),
    one("email", Type::EmailAddress),
    one("phoneNumber", Type::PhoneNumber),
    leaf("note"),
    leaf("tags"),
];

impl Type {
    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Query => "QueryRoot",
            Self::Mutation => "Mutation",
            Self::Customer => "Customer",
            Self::CustomerConnection => "CustomerConnection",
            Self::CustomerEdge => "CustomerEdge",
            Self::EmailAddress => "CustomerEmailAddress",
            Self::PhoneNumber => "CustomerPhoneNumber",
            Self::Order => "Order",
            Self::OrderConnection => "OrderConnection",
            Self::OrderEdge => "OrderEdge",
            Self::PageInfo => "PageInfo",
            Self::Money => "MoneyV2",
            Self::Job => "Job",
            Self::Shop => "Shop",
            Self::Node => "Node",
            Self::UserError => "UserError",
            Self::Count => "Count",
            Self::CustomerMergeUserError => "CustomerMergeUserError",
            Self::CustomerSetUserError => "CustomerSetUserError",
            Self::OrderCustomerSetUserError => "OrderCustomerSetUserError",
            Self::OrderCustomerRemoveUserError => "OrderCustomerRemoveUserError",
            Self::CustomerMergePayload => "CustomerMergePayload",
            Self::CustomerMergePreview => "CustomerMergePreview",
            Self::CustomerMergePreviewFields => "CustomerMergePreviewDefaultFields",
            Self::CustomerMergePreviewBlockingFields => "CustomerMergePreviewBlockingFields",
            Self::CustomerMergeError => "CustomerMergeError",
            Self::CustomerMergeRequest => "CustomerMergeRequest",
            Self::CustomerCreatePayload => "CustomerCreatePayload",
            Self::CustomerUpdatePayload => "CustomerUpdatePayload",
            Self::CustomerDeletePayload => "CustomerDeletePayload",
            Self::CustomerSetPayload => "CustomerSetPayload",
            Self::TagsAddPayload => "TagsAddPayload",
            Self::TagsRemovePayload => "TagsRemovePayload",
            Self::OrderCustomerSetPayload => "OrderCustomerSetPayload",
            Self::OrderCustomerRemovePayload => "OrderCustomerRemovePayload",
        }
    }

    /// Its fields.
    pub(super) const fn fields(self) -> &'static [Field] {
        match self {
            Self::Query => QUERY,
            Self::Mutation => MUTATION,
            Self::Customer => CUSTOMER,
            Self::CustomerConnection => {
                const { &[one("nodes", Type::Customer), one("edges", Type::CustomerEdge), one("pageInfo", Type::PageInfo)] }
            }
            Self::CustomerEdge => const { &[leaf("cursor"), one("node", Type::Customer)] },
            Self::EmailAddress => const { &[leaf("emailAddress"), leaf("marketingState"), leaf("validFormat")] },
            Self::PhoneNumber => const { &[leaf("phoneNumber"), leaf("marketingState")] },
            Self::Order => ORDER,
            Self::OrderConnection => {
                const { &[one("nodes", Type::Order), one("edges", Type::OrderEdge), one("pageInfo", Type::PageInfo)] }
            }
            Self::OrderEdge => const { &[leaf("cursor"), one("node", Type::Order)] },
            Self::PageInfo => {
                const { &[leaf("hasNextPage"), leaf("hasPreviousPage"), leaf("startCursor"), leaf("endCursor")] }
            }
            Self::Money => const { &[leaf("amount"), leaf("currencyCode")] },
            Self::Job => const { &[leaf("id"), leaf("done"), one("query", Type::Query)] },
            Self::Shop => const { &[leaf("id"), leaf("name"), leaf("currencyCode")] },
            Self::Node => const { &[leaf("id")] },
            Self::UserError => const { &[leaf("field"), leaf("message")] },
            Self::Count => const { &[leaf("count"), leaf("precision")] },
            Self::CustomerMergeUserError
            | Self::CustomerSetUserError
            | Self::OrderCustomerSetUserError
            | Self::OrderCustomerRemoveUserError => const { &[leaf("field"), leaf("message"), leaf("code")] },
            Self::CustomerMergePayload => MERGE_PAYLOAD,
            Self::CustomerMergePreview => PREVIEW,
            Self::CustomerMergePreviewFields => PREVIEW_FIELDS,
            Self::CustomerMergePreviewBlockingFields => const { &[leaf("note"), leaf("tags")] },
            Self::CustomerMergeError => const { &[leaf("errorFields"), leaf("message")] },
            Self::CustomerMergeRequest => {
                const {
                    &[
                        leaf("jobId"),
                        leaf("status"),
                        leaf("resultingCustomerId"),
                        one("customerMergeErrors", Type::CustomerMergeError),
                    ]
                }
            }
            Self::CustomerCreatePayload | Self::CustomerUpdatePayload => {
                const { &[one("customer", Type::Customer), one("userErrors", Type::UserError)] }
            }
            Self::CustomerDeletePayload => {
                const { &[leaf("deletedCustomerId"), one("shop", Type::Shop), one("userErrors", Type::UserError)] }
            }
            Self::CustomerSetPayload => {
                const { &[one("customer", Type::Customer), one("userErrors", Type::CustomerSetUserError)] }
            }
            Self::TagsAddPayload | Self::TagsRemovePayload => {
                const { &[one("node", Type::Node), one("userErrors", Type::UserError)] }
            }
            Self::OrderCustomerSetPayload => {
                const { &[one("order", Type::Order), one("userErrors", Type::OrderCustomerSetUserError)] }
            }
            Self::OrderCustomerRemovePayload => {
                const { &[one("order", Type::Order), one("userErrors", Type::OrderCustomerRemoveUserError)] }
            }
        }
    }

    /// The type of this name, if a node can be of it.
    pub(super) fn of_node(name: &str) -> Option<Self> {
        [Self::Node, Self::Customer, Self::Order].into_iter().find(|of| of.name() == name)
    }

    /// Its field of this name.
    pub(super) fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }
}
