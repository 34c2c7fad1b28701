//! What an operator is given is true: the difference report shows what stands, and who carries out the calls of a printed
//! runbook, and nothing else, finds every system as intended.

#![expect(clippy::unwrap_used, reason = "a report that cannot be read fails the test")]

use sagaproof::run::{Asked, Left, left};
use sagaproof_orchestrator::operations::difference::{self, Field};
use sagaproof_orchestrator::operations::outlook::outlook;
use sagaproof_orchestrator::operations::{Case, runbook};
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::auth::Credentials;
use sagaproof_sim::fleet::{Condition, Record, System};
use sagaproof_sim::wire::{Headers, Method, Request};
use sagaproof_tests::scenes::whole;

/// Scenarios that leave sagas parked, and how many of their worlds are looked at.
const PARKING: [(&str, u64); 7] = [
    ("merge-vendor-down", 30),
    ("merge-job-stalls", 60),
    ("merge-taken-back", 60),
    ("merge-pivot-answer-lost", 120),
    ("merge-barred-past-the-pivot", 200),
    ("crash-while-compensating", 40),
    ("close-one", 400),
];

/// What a runbook says in the end.
const NOTHING_LEFT: &str = "Nothing is left to do at any vendor";

/// What it says of a call that leaves no trace.
const UNSEEN: &str = "No look shows afterwards whether this was done: do it once, then redrive.";

/// More rounds than this no runbook takes.
const ROUNDS: u32 = 12;

/// Every saga that the scenarios leave parked.
fn each_parked(mut each: impl FnMut(&str, &Left, &Case)) {
    for (name, seeds) in PARKING {
        let (scenario, mut parked) = (whole(name), 0);
        for seed in 0..seeds {
            let left = left(&scenario, seed, None);
            for case in Case::all(&left.rows, &left.engine).iter().filter(|case| case.is_parked()) {
                parked += 1;
                each(&format!("{name}, seed {seed}"), &left, case);
            }
        }
        assert!(parked > 0, "{name} leaves nothing parked");
    }
}

#[test]
fn the_difference_report_shows_what_stands() {
    each_parked(|world, left, case| {
        let mut asked = left.asked.clone();
        for system in difference::report(case, &left.engine, &mut asked) {
            assert_eq!(system.unreadable, None, "{world}");
            let at = System::VENDORS.into_iter().find(|vendor| vendor.name() == system.system).unwrap();
            let wish = &case.saga.began.wish;
            let own = |record: &Record| {
                let cust_no = record.tag.as_ref().map(|tag| &tag.cust_no);
                record.condition == Condition::Live && (cust_no == Some(&wish.cust_no) || cust_no == wish.from.as_ref())
            };
            let live: Vec<Record> = left.asked.fleet().records(at).into_iter().filter(own).collect();
            let count = match &*system.fields[0].actual {
                "gone" | "gone, but not for good" => 0,
                "there" | "one" => 1,
                _ => 2,
            };
            assert_eq!(live.len(), count, "{world} {system:?}\n{live:?}");
            if system.fields.len() > 1 {
                let actual = |name| system.fields.iter().find(|field| field.field == name).map(|field| &*field.actual);
                let shown = |record: &&Record| record.email.as_deref() == actual("e-mail");
                let record = live.iter().find(shown).unwrap_or_else(|| panic!("{world} {system:?}\n{live:?}"));
                let name = [&*record.given_name, &record.family_name].join(" ");
                assert_eq!(actual("name"), Some(name.trim()), "{world}");
                if let Some(phone) = actual("phone") {
                    assert_eq!(phone, record.phone.as_deref().unwrap_or("none"), "{world}");
                }
                if let Some(others) = actual("further e-mails") {
                    let held =
                        if record.other_emails.is_empty() { "none".to_owned() } else { record.other_emails.join(", ") };
                    assert_eq!(others, held, "{world}");
                }
            }
        }
    });
}

#[test]
fn who_carries_out_the_calls_of_a_printed_runbook_finds_every_system_as_intended() {
    each_parked(|world, left, case| {
        let mut asked = left.asked.clone();
        let (mut printed, mut told_once) = (String::new(), false);
        for _ in 0..ROUNDS {
            let systems = difference::report(case, &left.engine, &mut asked);
            let outlook = outlook(case, &left.engine, &mut asked);
            printed = runbook::write(case, &systems, &outlook);
            let calls = calls(&printed);
            // What no look shows is printed again: whoever has done it goes on to the redrive, as the text says.
            let done_once = printed.contains(UNSEEN) && std::mem::replace(&mut told_once, printed.contains(UNSEEN));
            if done_once && calls.len() == printed.matches(UNSEEN).count() {
                printed.push_str(NOTHING_LEFT);
                break;
            }
            if calls.is_empty() && !printed.contains("job is under way") {
                break;
            }
            for (at, request) in calls {
                let request = with_credentials(at, request, &mut asked);
                let response = asked.send(at, &request);
                assert!(response.status < 300, "{world}: {request:?} {response:?}");
            }
            asked.later(Nanos::secs(3));
        }
        assert!(printed.contains(NOTHING_LEFT), "{world}\n{printed}");
        for system in difference::report(case, &left.engine, &mut asked) {
            assert!(system.fields.iter().all(Field::agrees), "{world} {system:?}");
        }
    });
}

/// The calls in a runbook's text.
fn calls(text: &str) -> Vec<(System, Request)> {
    let blocks = text.split("```http\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let read = |block: &str| {
        let (line, body) = block.split_once('\n').unwrap();
        let (method, rest) = line.split_once(' ').unwrap();
        let (target, system) = rest.split_once(" (").unwrap();
        let method = match method {
            "GET" => Method::Get,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            other => panic!("{other}"),
        };
        let system = System::VENDORS.into_iter().find(|vendor| vendor.name() == system.trim_end_matches(')')).unwrap();
        let request =
            Request { method, target: target.to_owned(), headers: Headers::new(), body: body.trim_end().into() };
        (system, request)
    };
    blocks.map(read).collect()
}

/// The same request from somebody whom the vendor lets in.
fn with_credentials(at: System, mut request: Request, asked: &mut Asked) -> Request {
    let own = Credentials::SIMULATION;
    match at {
        System::Commerce => request.headers.push("x-shopify-access-token", own.commerce_token),
        System::Support => {
            let basic = "Basic aHViQHNhZ2Fwcm9vZi5leGFtcGxlL3Rva2VuOnNpbXVsYXRlZC1hcGktdG9rZW4=";
            request.headers.push("authorization", basic);
        }
        System::Identity => {
            let token = asked.token();
            request.headers.push("authorization", &format!("Bearer {token}"));
        }
        System::Messaging | System::Hub => {}
    }
    if !request.body.is_empty() {
        request.headers.push("content-type", "application/json");
    }
    request
}
