//! The whole fleet: the four vendors as one value, addressed by system. What each vendor does stands in its dialect.

use super::commerce::Commerce;
use super::identity::Identity;
use super::messaging::Messaging;
use super::support::Support;
use super::{Child, Control, Fingerprint, Model, Record, SideEffect, System};
use crate::chaos::point::{Route, Subject};
use crate::clock::{Instant, Nanos};
use crate::wire::{Request, Response};

/// How the vendors of one world are set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long a write stays invisible to searches.
    pub index_lag: Nanos,
    /// Whether the vendors' rate limits are on (with the figures of their largest plans).
    pub limits: bool,
    /// How long an identity access token lives.
    pub token_life: Nanos,
    /// How long messaging honours a retry key.
    pub retry_key_life: Nanos,
    /// How long a vendor's job takes.
    pub job_time: Nanos,
    /// The status of a throttled GraphQL answer at commerce: 200, as its documents say, or 429, as others report.
    pub throttled_status: u16,
    /// Whether users log in to support through an identity provider of their own (JWT or SAML): then it merges nobody who
    /// has an external id.
    pub single_sign_on: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let day = Nanos::secs(86_400);
        Self {
            index_lag: Nanos::secs(2),
            limits: true,
            token_life: day,
            retry_key_life: day,
            job_time: Nanos::secs(2),
            throttled_status: 200,
            single_sign_on: false,
        }
    }
}

/// The four vendors.
#[derive(Debug, Clone)]
pub struct Fleet {
    commerce: Commerce,
    support: Support,
    identity: Identity,
    messaging: Messaging,
}

impl Fleet {
    /// Vendors without records.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            commerce: Commerce::new(settings),
            support: Support::new(settings),
            identity: Identity::new(settings),
            messaging: Messaging::new(settings),
        }
    }

    /// Makes it as new, and keeps what it has allocated.
    pub fn reset(&mut self, settings: &Settings) {
        self.commerce.reset(settings);
        self.support.reset(settings);
        self.identity.reset(settings);
        self.messaging.reset(settings);
    }

    /// Lets a vendor handle a request. The hub is none: it has nothing here (404).
    pub fn handle(&mut self, to: System, now: Instant, request: &Request) -> Response {
        match to {
            System::Commerce => self.commerce.handle(now, request),
            System::Support => self.support.handle(now, request),
            System::Identity => self.identity.handle(now, request),
            System::Messaging => self.messaging.handle(now, request),
            System::Hub => Response::json(404, "{}"),
        }
    }

    /// Whether a request's credentials let it in at its vendor. What is not let in is refused whatever its body says.
    #[must_use]
    pub fn lets_in(&self, to: System, now: Instant, request: &Request) -> bool {
        match to {
            System::Commerce => self.commerce.lets_in(now, request),
            System::Support => self.support.lets_in(now, request),
            System::Identity => self.identity.lets_in(now, request),
            System::Messaging => self.messaging.lets_in(now, request),
            System::Hub => true,
        }
    }

    /// Which route of its vendor a request takes, and whom it is about.
    #[must_use]
    pub fn route(&self, to: System, request: &Request) -> (Route, Subject) {
        match to {
            System::Commerce => self.commerce.route(request),
            System::Support => self.support.route(request),
            System::Identity => self.identity.route(request),
            System::Messaging => self.messaging.route(request),
            System::Hub => (Route(0), Subject::NONE),
        }
    }

    /// The names of a vendor's routes, by number.
    #[must_use]
    pub fn route_names(system: System) -> &'static [&'static str] {
        match system {
            System::Commerce => Commerce::routes(),
            System::Support => Support::routes(),
            System::Identity => Identity::routes(),
            System::Messaging => Messaging::routes(),
            System::Hub => &[],
        }
    }

    /// Does something to a vendor from outside. Answers with the id of a record that this added.
    pub fn control(&mut self, to: System, now: Instant, control: &Control) -> Option<String> {
        match to {
            System::Commerce => self.commerce.control(now, control),
            System::Support => self.support.control(now, control),
            System::Identity => self.identity.control(now, control),
            System::Messaging => self.messaging.control(now, control),
            System::Hub => None,
        }
    }

    /// A vendor's records, in order of creation.
    #[must_use]
    pub fn records(&self, system: System) -> Vec<Record> {
        match system {
            System::Commerce => self.commerce.records(),
            System::Support => self.support.records(),
            System::Identity => self.identity.records(),
            System::Messaging => self.messaging.records(),
            System::Hub => Vec::new(),
        }
    }

    /// What belongs to a vendor's records, in order of creation.
    #[must_use]
    pub fn children(&self, system: System) -> Vec<Child> {
        match system {
            System::Commerce => self.commerce.children(),
            System::Support => self.support.children(),
            System::Identity => self.identity.children(),
            System::Messaging => self.messaging.children(),
            System::Hub => Vec::new(),
        }
    }

    /// Whether requests on this route of a vendor may start jobs.
    #[must_use]
    pub fn starts_jobs(system: System, route: &str) -> bool {
        let routes = match system {
            System::Commerce => Commerce::job_routes(),
            System::Support => Support::job_routes(),
            System::Identity => Identity::job_routes(),
            System::Messaging => Messaging::job_routes(),
            System::Hub => &[],
        };
        routes.contains(&route)
    }

    /// When the next job of any vendor ends.
    #[must_use]
    pub fn next_job(&self) -> Option<Instant> {
        let ends =
            [self.commerce.next_job(), self.support.next_job(), self.identity.next_job(), self.messaging.next_job()];
        ends.into_iter().flatten().min()
    }

    /// Lets one job of a vendor end whose time has come, and tells in fixed words how; call until it tells nothing.
    pub fn end_job(&mut self, system: System, now: Instant) -> Option<&'static str> {
        match system {
            System::Commerce => self.commerce.end_job(now),
            System::Support => self.support.end_job(now),
            System::Identity => self.identity.end_job(now),
            System::Messaging => self.messaging.end_job(now),
            System::Hub => None,
        }
    }

    /// What happened at any vendor that nothing takes back, vendor by vendor, in order.
    pub fn side_effects(&self) -> impl Iterator<Item = &SideEffect> {
        let commerce = self.commerce.side_effects().iter();
        let support = self.support.side_effects().iter();
        let identity = self.identity.side_effects().iter();
        commerce.chain(support).chain(identity).chain(self.messaging.side_effects())
    }

    /// Feeds all that can still matter into a fingerprint.
    pub fn feed(&self, now: Instant, print: &mut Fingerprint) {
        self.commerce.feed(now, print);
        self.support.feed(now, print);
        self.identity.feed(now, print);
        self.messaging.feed(now, print);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::auth::Credentials;
    use crate::fleet::{Condition, SeedRecord};
    use crate::wire::{Headers, Method};

    const NOW: Instant = Instant(7_000_000_000);

    fn seed() -> Control {
        Control::Seed(SeedRecord {
            tag: Some("C001/s0".to_owned()),
            email: Some("Ann@x.org".to_owned()),
            phone: Some("+493012345".to_owned()),
            given_name: "Ann".to_owned(),
            family_name: "Lee".to_owned(),
            children: 1,
        })
    }

    fn push() -> Request {
        let mut headers = Headers::new();
        headers.push("authorization", &["Bearer ", Credentials::SIMULATION.messaging_token].concat());
        let body = br#"{"to":"C001","messages":[{"type":"text","text":"Hello"}]}"#.to_vec();
        Request { method: Method::Post, target: "/v2/bot/message/push".to_owned(), headers, body }
    }

    fn print(fleet: &Fleet) -> u64 {
        let mut print = Fingerprint::default();
        fleet.feed(NOW, &mut print);
        print.finish()
    }

    fn worked(settings: &Settings) -> Fleet {
        let mut fleet = Fleet::new(settings);
        System::VENDORS.iter().for_each(|&system| drop(fleet.control(system, NOW, &seed())));
        fleet.handle(System::Messaging, NOW, &push());
        fleet
    }

    #[test]
    fn a_seeded_customer_is_the_same_person_in_every_system_that_keeps_records() {
        let fleet = worked(&Settings::default());
        for system in [System::Commerce, System::Support, System::Identity] {
            let records = fleet.records(system);
            let [record] = &records[..] else { panic!("{records:?}") };
            let name = [&*record.given_name, &*record.family_name].join(" ");
            assert_eq!((name.trim(), record.email.as_deref()), ("Ann Lee", Some("ann@x.org")));
            assert_eq!(record.tag.as_ref().map(|tag| (&*tag.cust_no, &*tag.saga)), Some(("C001", "s0")));
            assert_eq!(record.condition, Condition::Live);
        }
        assert!(fleet.records(System::Messaging).is_empty() && fleet.records(System::Hub).is_empty());
    }

    #[test]
    fn what_a_vendor_loses_or_a_stranger_renames_is_the_one_customers() {
        for system in [System::Commerce, System::Support, System::Identity] {
            let mut fleet = worked(&Settings::default());
            for (control, names) in [
                (Control::Rename("C002".to_owned()), vec!["Ann"]),
                (Control::Rename("C001".to_owned()), vec!["Somebody"]),
                (Control::Lose("C002".to_owned()), vec!["Somebody"]),
                (Control::Lose("C001".to_owned()), vec![]),
            ] {
                fleet.control(system, NOW, &control);
                let mut records = fleet.records(system);
                records.retain(|record| record.condition == Condition::Live);
                let first = |record: &Record| record.given_name.split(' ').next().unwrap_or_default().to_owned();
                assert_eq!(records.iter().map(first).collect::<Vec<_>>(), names, "{system:?} {control:?}");
            }
            // What was lost leaves its keys free.
            fleet.control(system, NOW, &seed());
            assert_eq!(fleet.records(system).iter().filter(|record| record.condition == Condition::Live).count(), 1);
        }
    }

    #[test]
    fn side_effects_name_their_system_and_subject() {
        let fleet = worked(&Settings::default());
        let effects: Vec<_> = fleet.side_effects().map(|effect| (effect.system, effect.subject.as_str())).collect();
        assert_eq!(effects, [(System::Messaging, "C001")]);
    }

    #[test]
    fn a_fleet_that_was_reset_is_as_new() {
        let settings = Settings { index_lag: Nanos::secs(9), limits: false, ..Settings::default() };
        let mut fleet = worked(&Settings::default());
        System::VENDORS.iter().for_each(|&system| drop(fleet.control(system, NOW, &Control::Drift(true))));
        System::VENDORS
            .iter()
            .for_each(|&system| drop(fleet.control(system, NOW, &Control::ExhaustQuota(Instant::NEVER))));
        fleet.reset(&settings);
        assert_eq!(print(&fleet), print(&Fleet::new(&settings)));
        assert_eq!(
            fleet.handle(System::Messaging, NOW, &push()),
            Fleet::new(&settings).handle(System::Messaging, NOW, &push())
        );
    }

    #[test]
    fn a_clone_goes_its_own_way() {
        let fleet = worked(&Settings::default());
        let mut other = fleet.clone();
        assert_eq!(print(&other), print(&fleet));
        other.handle(System::Messaging, NOW, &push());
        assert_ne!(print(&other), print(&fleet));
    }

    #[test]
    fn every_route_has_a_name_of_its_own() {
        for system in System::VENDORS {
            let mut names = Fleet::route_names(system).to_vec();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), Fleet::route_names(system).len());
        }
        let (route, subject) = Fleet::new(&Settings::default()).route(System::Messaging, &push());
        assert_eq!(
            (Fleet::route_names(System::Messaging)[usize::from(route.0)], subject),
            ("push", Subject::of(b"C001"))
        );
    }

    #[test]
    fn a_stranger_is_refused_whatever_the_body_says_and_whoever_is_known_is_not() {
        let mut fleet = Fleet::new(&Settings::default());
        for system in System::VENDORS {
            let mut stranger = Request { headers: Headers::new(), target: "/nowhere".to_owned(), ..push() };
            assert!(!fleet.lets_in(system, NOW, &stranger), "{}", system.name());
            let with_body = fleet.handle(system, NOW, &stranger);
            stranger.body.clear();
            assert_eq!((with_body.status, &with_body), (401, &fleet.handle(system, NOW, &stranger)));
        }
        assert!(fleet.lets_in(System::Messaging, NOW, &push()) && fleet.lets_in(System::Hub, NOW, &push()));
        let token = Request { headers: Headers::new(), target: "/oauth/token".to_owned(), ..push() };
        assert!(fleet.lets_in(System::Identity, NOW, &token), "whoever asks for a token has none yet");
    }

    #[test]
    fn the_hub_is_no_vendor() {
        let mut fleet = Fleet::new(&Settings::default());
        assert_eq!(fleet.handle(System::Hub, NOW, &push()).status, 404);
        assert_eq!(fleet.route(System::Hub, &push()), (Route(0), Subject::NONE));
        assert_eq!(fleet.control(System::Hub, NOW, &seed()), None);
    }
}
