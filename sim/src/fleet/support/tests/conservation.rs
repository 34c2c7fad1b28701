//! The law of merges at the help desk: whatever is merged, given away, done by jobs and deleted in whatever order, every
//! ticket is there once, and so is every e-mail; merges leave neither with the loser.

use super::*;
use crate::fleet::JobCourse;

/// What happens next, about users and tickets by their numbers.
#[derive(Debug, Clone)]
enum Deed {
    Merge(u64, u64),
    Add(u64),
    Give(u64, u64),
    GiveMany(u64, u64, bool),
    Delete(u64),
    Wait(u64),
}

fn deed() -> impl Strategy<Value = Deed> {
    let two = || (0..5_u64, 0..5_u64);
    prop_oneof![
        3 => two().prop_map(|(loser, winner)| Deed::Merge(loser, winner)),
        2 => (0..5_u64).prop_map(Deed::Add),
        2 => two().prop_map(|(ticket, to)| Deed::Give(ticket, to)),
        2 => (0..5_u64, 0..5_u64, any::<bool>()).prop_map(|(ticket, to, fails)| Deed::GiveMany(ticket, to, fails)),
        1 => (0..5_u64).prop_map(Deed::Delete),
        2 => (0..4_u64).prop_map(Deed::Wait),
    ]
}

fn done(desk: &mut Caller<Support>, deed: &Deed) -> u16 {
    let (user, ticket) = (|number: u64| FIRST_ID + number, |number: u64| 35_436_001 + number);
    let given = |to: u64| json!({"ticket": {"requester_id": user(to)}}).to_string();
    match *deed {
        Deed::Merge(loser, winner) => {
            desk.put(&of(user(loser), "/merge"), &json!({"user": {"id": user(winner)}}).to_string()).0
        }
        Deed::Add(of) => u16::from(desk.model.control(desk.now, &Control::AddChild(format!("C{of}"))).is_some()),
        Deed::Give(number, to) => desk.put(&format!("/api/v2/tickets/{}", ticket(number)), &given(to)).0,
        Deed::GiveMany(number, to, fails) => {
            if fails {
                desk.model.control(desk.now, &Control::NextJob(JobCourse::FailsHalf));
            }
            let ids = format!("{},{}", ticket(number), ticket(number + 1));
            desk.put(&format!("/api/v2/tickets/update_many?ids={ids}"), &given(to)).0
        }
        Deed::Delete(number) => desk.delete(&of(user(number), "")).0,
        Deed::Wait(seconds) => {
            desk.wait(Nanos::secs(seconds));
            0
        }
    }
}

/// All e-mails at the desk, with who holds them, in order.
fn emails(desk: &Caller<Support>) -> Vec<String> {
    let mut emails: Vec<_> = desk
        .model
        .records()
        .into_iter()
        .flat_map(|record| record.email.into_iter().chain(record.other_emails))
        .collect();
    emails.sort_unstable();
    emails
}

proptest! {
    #[test]
    fn every_ticket_and_every_email_is_there_once(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut desk = desk();
        for number in 0..5 {
            let user = json!({"user": {"name": "U", "email": format!("u{number}@x.org"), "external_id": format!("C{number}/s")}});
            create(&mut desk, &user.to_string());
            desk.model.control(desk.now, &Control::AddChild(format!("C{number}")));
        }
        let known = emails(&desk);
        let mut tickets = 5;
        for deed in deeds {
            let status = done(&mut desk, &deed);
            while desk.model.end_job(desk.now).is_some() {}
            let children = desk.model.children();
            tickets += usize::from(matches!(deed, Deed::Add(_)) && status == 1);
            prop_assert_eq!(children.len(), tickets);
            prop_assert_eq!(&emails(&desk), &known);
            if let (Deed::Merge(loser, _), 200) = (&deed, status) {
                let loser = Some((FIRST_ID + loser).to_string());
                prop_assert!(children.iter().all(|child| child.holder != loser));
            }
            for record in desk.model.records() {
                let (_, listed) = desk.get(&format!("/api/v2/users/{}/tickets/requested", record.id));
                let listed: Vec<_> = ids(&listed, "tickets").into_iter().map(|id| id.to_string()).collect();
                let held: Vec<_> =
                    children.iter().filter(|child| child.holder.as_ref() == Some(&record.id)).map(|child| child.id.clone()).collect();
                prop_assert_eq!(listed, held);
            }
        }
    }
}
