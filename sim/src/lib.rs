//! # sagaproof-sim: the fleet, chaos, and the virtual world
//!
//! Stateful SaaS models without I/O ([`fleet`]), choices as data ([`chaos`]), and a one-threaded world over virtual
//! time ([`world`]) that runs any orchestrator behind [`process::Process`]. It knows no orchestrator.
//!
//! One world, one fault, and what happened: a hub that passes each request on to the shop, and whose first call is
//! handled although its answer never comes.
//!
//! ```
//! use sagaproof_sim::chaos::choices::{Deviation, Replay};
//! use sagaproof_sim::chaos::{fate::Fate, point::Point, rule::{Odds, Rule}};
//! use sagaproof_sim::client::{ClientAction, Clients};
//! use sagaproof_sim::clock::{Instant, Nanos};
//! use sagaproof_sim::fleet::{self, Fingerprint, Fleet, System};
//! use sagaproof_sim::observation::{Observation, Observer, Phase};
//! use sagaproof_sim::process::{Effect, Event, Process, Spawn};
//! use sagaproof_sim::wire::{Answer, Headers, Method, Request, Response};
//! use sagaproof_sim::world::{Settings, World};
//!
//! /// Events in, effects out: a process does nothing itself.
//! struct Relay;
//!
//! impl Process for Relay {
//!     fn on_event(&mut self, _now: Instant, event: Event, effects: &mut Vec<Effect>) {
//!         match event {
//!             Event::Request { exchange, request } => effects.push(Effect::Call {
//!                 call: exchange,
//!                 to: System::Commerce,
//!                 request,
//!                 time_out: Nanos::secs(5),
//!                 not_after: Instant::NEVER,
//!                 note: None,
//!             }),
//!             Event::Answer { call, answer } => effects.push(Effect::Answer {
//!                 exchange: call,
//!                 response: answer.unwrap_or_else(|_| Response::json(504, "{}")),
//!             }),
//!             _ => {}
//!         }
//!     }
//!     fn feed(&self, _now: Instant, _print: &mut Fingerprint) -> bool { true }
//!     fn unfinished(&self) -> Option<(usize, usize)> { Some((0, 0)) }
//! }
//!
//! #[derive(Clone)]
//! struct Relays;
//!
//! impl Spawn for Relays {
//!     type Process = Relay;
//!     fn spawn(&self, _life: u64) -> Relay { Relay }
//! }
//!
//! /// One client that asks once, at the beginning.
//! #[derive(Default)]
//! struct Client { heard: Option<Answer> }
//!
//! impl Clients for Client {
//!     fn on_phase(&mut self, now: Instant, phase: Phase, actions: &mut Vec<ClientAction>) {
//!         if phase == Phase::Work {
//!             let target = "/admin/api/2026-10/customers/1.json".to_owned();
//!             let request = Request { method: Method::Get, target, headers: Headers::new(), body: Vec::new() };
//!             let (route, time_out) = (sagaproof_sim::chaos::point::Route(0), Nanos::secs(30));
//!             actions.push(ClientAction::Ask { at: now, operation: 0, route, request, time_out });
//!         }
//!     }
//!     fn on_answer(&mut self, _: Instant, _: u32, _: u64, answer: &Answer, _: &mut Vec<ClientAction>) {
//!         self.heard = Some(answer.clone());
//!     }
//!     fn routes() -> &'static [&'static str] { &["read"] }
//! }
//!
//! /// What happened at the shop: the point of the call, and how often it was handled.
//! #[derive(Default)]
//! struct Seen { point: Option<Point>, handled: u32 }
//!
//! impl Observer for Seen {
//!     fn see(&mut self, _now: Instant, observation: &Observation<'_>) {
//!         match observation {
//!             Observation::Sent { point, .. } => self.point = Some(*point),
//!             Observation::Handled { .. } => self.handled += 1,
//!             _ => {}
//!         }
//!     }
//! }
//!
//! let mut settings = Settings::default();
//! settings.chaos.rules.push(Rule {
//!     systems: vec![System::Commerce],
//!     route: None,
//!     fates: vec![Fate::AnswerLost],
//!     odds: Odds::ppm(10_000),
//!     from: Instant::ZERO,
//!     until: Instant::NEVER,
//!     at_most: None,
//! });
//! let world = |schedule: &[Deviation]| {
//!     let fleet = Fleet::new(&fleet::Settings::default());
//!     let mut world =
//!         World::new(&settings, fleet, Relays, Client::default(), Replay::new(schedule), Seen::default());
//!     assert!(world.run().converged);
//!     world.into_parts()
//! };
//!
//! // In fair weather the client hears what the shop says: it does not know this caller.
//! let fair = world(&[]);
//! assert_eq!(fair.clients.heard.unwrap().unwrap().status, 401);
//!
//! // Once more, with one deviation: the answer to that very call is lost.
//! let point = fair.observer.point.unwrap();
//! let stormy = world(&[Deviation { point, pick: Fate::AnswerLost.code() }]);
//! assert_eq!(stormy.clients.heard.unwrap().unwrap().status, 504);
//! assert_eq!(stormy.observer.handled, 1, "the shop handled it all the same");
//! ```

pub mod chaos;
pub mod client;
pub mod clock;
mod exchange;
pub mod fleet;
pub mod observation;
pub mod process;
#[cfg(feature = "server")]
pub mod server;
pub mod wire;
pub mod world;
