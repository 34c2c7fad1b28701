//! The fold over clients' exchanges: who asked what when, how often it reached the hub, and what the client was told.
//! What follows for an operation stands in `outcome`.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::observation::Phase;
use sagaproof_sim::wire::{Answer, Method, Request};

use super::answer::{self, Sort, Word};
use crate::operation::Plan;

/// One exchange between a client and the hub.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    /// Its number, unique in a world.
    pub(super) number: u64,
    /// The operation's id.
    pub(super) operation: u32,
    /// The operation's place in the plan; `None` where it is not planned.
    pub(super) place: Option<u32>,
    pub(super) sort: Sort,
    pub(super) fate: Fate,
    pub(super) asked: Instant,
    /// [`Instant::NEVER`] while the client waits.
    pub(super) told: Instant,
    /// How often the hub took the request in.
    pub(super) deliveries: u8,
    pub(super) word: Word,
    /// The status that the client was told, 0 where there is none.
    pub(super) status: u16,
    /// Whether it belongs to the last look, after everything has settled.
    pub(super) last_look: bool,
    /// The job that it was pointed to or asks for, hashed; 0: none.
    pub(super) job: u64,
    /// Whom it reads, where that is not whom the operation is about.
    pub(super) about: Option<Box<str>>,
    /// What a read was shown.
    pub(super) body: Vec<u8>,
}

/// All exchanges of a world, in order of their numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Exchanges {
    list: Vec<Exchange>,
    inspecting: bool,
}

impl Exchanges {
    pub(super) fn reset(&mut self) {
        self.list.clear();
        self.inspecting = false;
    }

    pub(super) fn list(&self) -> &[Exchange] {
        &self.list
    }

    /// A phase began.
    pub(super) fn phase(&mut self, phase: Phase) {
        self.inspecting = phase == Phase::Inspect;
    }

    /// A client asked.
    pub(super) fn asked(
        &mut self,
        now: Instant,
        plan: &Plan,
        (operation, number): (u32, u64),
        request: &Request,
        fate: Fate,
    ) {
        let place = plan.place(operation);
        let path = request.path();
        // What operators ask is no client's operation, and promises clients nothing.
        if path.starts_with("/operator/") {
            return;
        }
        let polled = path.strip_prefix("/api/jobs/");
        let (sort, about) = match (request.method, polled) {
            (Method::Get, Some(_)) => (Sort::Poll, None),
            (Method::Get, None) => {
                let own = place.and_then(|place| plan.operations.get(place)).map(|operation| operation.kind.cust_no());
                let about = read(path, request).filter(|about| own != Some(*about));
                (Sort::Read, about.map(Box::from))
            }
            _ => (Sort::Write, None),
        };
        let exchange = Exchange {
            number,
            operation,
            place: place.and_then(|place| u32::try_from(place).ok()),
            sort,
            fate,
            asked: now,
            told: Instant::NEVER,
            deliveries: 0,
            word: Word::Nothing,
            status: 0,
            last_look: self.inspecting,
            job: polled.map_or(0, hash),
            about,
            body: Vec::new(),
        };
        match self.list.last() {
            Some(last) if last.number > number => {
                let at = self.list.partition_point(|other| other.number < number);
                self.list.insert(at, exchange);
            }
            _ => self.list.push(exchange),
        }
    }

    /// The hub took a request in.
    pub(super) fn taken_in(&mut self, number: u64) {
        if let Some(exchange) = self.find(number) {
            exchange.deliveries = exchange.deliveries.saturating_add(1);
        }
    }

    /// A client was told.
    pub(super) fn told(&mut self, now: Instant, number: u64, answer: &Answer) {
        let Some(exchange) = self.find(number) else { return };
        exchange.told = now;
        exchange.word = answer::word(exchange.sort, exchange.fate, answer);
        let Ok(response) = answer else { return };
        exchange.status = response.status;
        match (exchange.sort, exchange.word) {
            (Sort::Read, Word::Done) => exchange.body.extend_from_slice(&response.body),
            (Sort::Write, Word::Pending) => exchange.job = answer::job(&response.headers).map_or(0, hash),
            _ => {}
        }
    }

    fn find(&mut self, number: u64) -> Option<&mut Exchange> {
        let at = match self.list.last() {
            Some(last) if last.number == number => self.list.len() - 1,
            _ => self.list.binary_search_by_key(&number, |exchange| exchange.number).ok()?,
        };
        self.list.get_mut(at)
    }

    /// Feeds what clients asked and were told. Of times only their order counts: which exchanges had begun when
    /// another one was over. As they are in the order in which they began, it is enough to say how many had.
    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint) {
        print.number(u64::from(self.inspecting));
        for exchange in &self.list {
            let begun = self.list.iter().filter(|other| other.asked <= exchange.told).count();
            let place = exchange.place.map_or(u64::from(u32::MAX) + 1, u64::from);
            print.number(
                place << 32
                    | (exchange.sort as u64) << 16
                    | (exchange.word as u64) << 8
                    | u64::from(exchange.deliveries.min(2)),
            );
            let moment = if exchange.told == Instant::NEVER { 2 } else { u64::from(exchange.told == now) };
            print.number((begun as u64) << 3 | moment << 1 | u64::from(exchange.last_look));
            print.number(exchange.job);
            print.bytes(exchange.about.as_deref().unwrap_or_default().as_bytes());
            print.bytes(&exchange.body);
        }
    }
}

/// Whom a GET asks for, by path or by parameter.
fn read<'r>(path: &'r str, request: &'r Request) -> Option<&'r str> {
    match path.strip_prefix("/api/customers")? {
        "" => request.query().split('&').find_map(|pair| pair.strip_prefix("cust_no=")),
        rest => rest.strip_prefix('/'),
    }
}

fn hash(text: &str) -> u64 {
    let mut print = Fingerprint::default();
    print.bytes(text.as_bytes());
    print.finish()
}
