//! The law of links: whatever is linked, unlinked and deleted in whatever order, every identity is there once, with a
//! user who is there, and is told by that user.

use super::*;

/// What happens next, about users by their numbers.
#[derive(Debug, Clone)]
enum Deed {
    Create(u8),
    Link(u8, u8),
    Unlink(u8, u8),
    Delete(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    let two = || (0..5_u8, 0..5_u8);
    prop_oneof![
        3 => (0..5_u8).prop_map(Deed::Create),
        4 => two().prop_map(|(one, other)| Deed::Link(one, other)),
        2 => two().prop_map(|(one, other)| Deed::Unlink(one, other)),
        1 => (0..5_u8).prop_map(Deed::Delete),
    ]
}

fn done(tenant: &mut Caller<Identity>, deed: &Deed) -> u16 {
    let user = |number: u8| format!("{USERS}/auth0%7CU{number}");
    match *deed {
        Deed::Create(number) => {
            let (id, email) = (format!("U{number}"), format!("u{number}@x.org"));
            tenant.post(USERS, &json!({"connection": "Users", "user_id": id, "email": email}).to_string()).0
        }
        Deed::Link(one, other) => {
            let secondary = json!({"provider": "auth0", "user_id": format!("U{other}")});
            tenant.post(&[&user(one), "/identities"].concat(), &secondary.to_string()).0
        }
        Deed::Unlink(one, other) => tenant.delete(&format!("{}/identities/auth0/U{other}", user(one))).0,
        Deed::Delete(number) => tenant.delete(&user(number)).0,
    }
}

proptest! {
    #[test]
    fn every_identity_is_there_once_with_a_user_who_tells_of_it(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut tenant = tenant();
        let mut there = 0;
        for deed in deeds {
            let before = tenant.model.children();
            let status = done(&mut tenant, &deed);
            let children = tenant.model.children();
            match deed {
                Deed::Create(_) => there += usize::from(status == 201),
                Deed::Delete(number) => {
                    let holder = Some(format!("auth0|U{number}"));
                    there -= before.iter().filter(|child| child.holder == holder).count();
                }
                Deed::Link(..) | Deed::Unlink(..) => {}
            }
            prop_assert_eq!(children.len(), there);
            let mut told = Vec::new();
            for record in tenant.model.records() {
                let (_, user) = tenant.get(&format!("{USERS}/{}", record.id.replace('|', "%7C")));
                for identity in user["identities"].as_array().unwrap() {
                    told.push((format!("auth0|{}", identity["user_id"].as_str().unwrap()), Some(record.id.clone())));
                }
            }
            let mut held: Vec<_> = children.into_iter().map(|child| (child.id, child.holder)).collect();
            told.sort_unstable();
            held.sort_unstable();
            prop_assert_eq!(told, held);
            tenant.wait(Nanos::secs(1));
        }
    }
}
