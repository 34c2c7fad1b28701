//! Giving one order to another customer, in GraphQL: what is left to do by hand, order by order, where two customers are not
//! merged. Rare, so read by serde.

use serde::{Deserialize, Serialize};

use super::super::Reading;
use super::super::answer::UNREADABLE;
use super::merging::{Answer, ID, document};

const GIVING: &str = "mutation give($order: ID!, $to: ID!) { orderCustomerSet(orderId: $order, customerId: $to) \
    { order { id customer { id } } userErrors { field message } } }";

const ORDER: &str = "gid://shopify/Order/";

#[derive(Serialize)]
struct Variables {
    order: String,
    to: String,
}

/// The body that gives this order to this customer.
pub(super) fn giving(order: &str, to: &str) -> Vec<u8> {
    let variables = Variables { order: [ORDER, order].concat(), to: [ID, to].concat() };
    document(GIVING, &variables)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    order_customer_set: Option<Set>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Set {
    order: Option<Order>,
    user_errors: Vec<UserError>,
}

#[derive(Deserialize)]
struct Order {
    customer: Option<Customer>,
}

#[derive(Deserialize)]
struct Customer {
    id: String,
}

#[derive(Deserialize)]
struct UserError {
    message: String,
}

/// What the answer says: the order is that customer's, or a definite no.
pub(super) fn given(body: &str, to: &str) -> Reading {
    let Ok(answer) = serde_json::from_str::<Answer<Given>>(body) else { return UNREADABLE };
    answer.told(|given| match given.order_customer_set {
        Some(Set { user_errors, .. }) if !user_errors.is_empty() => Reading::Refused(user_errors[0].message.clone()),
        Some(Set { order: Some(Order { customer: Some(Customer { id }) }), .. }) if id.strip_prefix(ID) == Some(to) => {
            Reading::Accepted
        }
        _ => UNREADABLE,
    })
}
