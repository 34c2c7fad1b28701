//! The law of merges in the shop: whatever is asked, in whatever order, and however the jobs go, every order is there
//! once and belongs to a customer who is there.

use super::*;

/// What happens next, about customers and orders by their numbers.
#[derive(Debug, Clone)]
enum Deed {
    Merge(usize, usize, Option<JobCourse>),
    Add(usize),
    Give(usize, usize),
    Delete(usize),
    Wait(u64),
    Heal,
}

fn deed() -> impl Strategy<Value = Deed> {
    let course = prop_oneof![
        3 => Just(None),
        1 => Just(Some(JobCourse::FailsHalf)),
        1 => (0..9_000_u64).prop_map(|until| Some(JobCourse::Stalls(Instant(until * 1_000_000_000)))),
    ];
    prop_oneof![
        4 => (0..5_usize, 0..5_usize, course).prop_map(|(one, two, course)| Deed::Merge(one, two, course)),
        2 => (0..5_usize).prop_map(Deed::Add),
        2 => (0..20_usize, 0..5_usize).prop_map(|(order, to)| Deed::Give(order, to)),
        1 => (0..5_usize).prop_map(Deed::Delete),
        3 => (0..4_u64).prop_map(Deed::Wait),
        1 => Just(Deed::Heal),
    ]
}

fn customer(number: usize) -> String {
    format!("gid://shopify/Customer/{}", 7_000_000_001 + number)
}

fn done(shop: &mut Caller<Commerce>, deed: &Deed) {
    let (merge, set, delete) = (
        "mutation($a: ID!, $b: ID!) { customerMerge(customerOneId: $a, customerTwoId: $b) { userErrors { code } } }",
        "mutation($a: ID!, $b: ID!) { orderCustomerSet(orderId: $a, customerId: $b) { userErrors { field } } }",
        "mutation($a: ID!) { customerDelete(input: {id: $a}) { userErrors { field } } }",
    );
    match deed {
        Deed::Merge(one, two, course) => {
            if let Some(course) = course {
                shop.model.control(shop.now, &Control::NextJob(*course));
            }
            data(shop, merge, &json!({"a": customer(*one), "b": customer(*two)}));
        }
        Deed::Add(of) => drop(shop.model.control(shop.now, &Control::AddChild(format!("C{of}")))),
        Deed::Give(order, to) => {
            let order = format!("gid://shopify/Order/{}", 5_000_000_000_001 + *order as u64);
            data(shop, set, &json!({"a": order, "b": customer(*to)}));
        }
        Deed::Delete(number) => drop(data(shop, delete, &json!({"a": customer(*number)}))),
        Deed::Wait(seconds) => shop.wait(Nanos::secs(*seconds)),
        Deed::Heal => drop(shop.model.control(shop.now, &Control::JobsEndBy(shop.now + Nanos::secs(2)))),
    }
}

proptest! {
    #[test]
    fn every_order_is_there_once_and_belongs_to_a_customer_who_is(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut shop = shop();
        let emails = [Some("a@x.org"), None, Some("b@x.org"), None, Some("c@x.org")];
        for (number, email) in emails.into_iter().enumerate() {
            add(&mut shop, &format!("C{number}"), email, 2);
        }
        let mut orders = shop.model.children().len();
        for deed in deeds {
            done(&mut shop, &deed);
            while shop.model.end_job(shop.now).is_some() {}
            let children = shop.model.children();
            orders = if matches!(deed, Deed::Add(_)) { orders.max(children.len()) } else { orders };
            prop_assert_eq!(children.len(), orders);
            let there: Vec<_> = shop.model.records().into_iter().map(|record| record.id).collect();
            for child in &children {
                prop_assert!(child.holder.as_ref().is_some_and(|holder| there.contains(holder)), "{child:?}");
            }
            for id in &there {
                let (_, listed) = shop.get(&format!("/admin/api/2026-07/customers/{id}/orders.json?status=any&limit=250"));
                let listed: Vec<_> =
                    listed["orders"].as_array().unwrap().iter().map(|order| order["id"].to_string()).collect();
                let held: Vec<_> =
                    children.iter().filter(|child| child.holder.as_ref() == Some(id)).map(|child| child.id.clone()).collect();
                prop_assert_eq!(listed, held);
            }
        }
    }
}
