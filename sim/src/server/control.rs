//! The control API: what whoever runs the fleet asks of it over HTTP, on a port of its own. Which requests there are
//! stands here, and in `control.openapi.yaml`; what they do to a world stands in `operate`.

mod answer;
mod read;
mod route;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use hyper::body::Incoming;
use tokio::sync::Semaphore;

pub use self::route::ROUTES;

use self::answer::{json, no_content, text};
use self::read::Input;
use self::route::Call;
use super::address::{Addressed, Worlds};
use super::body::AnswerBody;
use super::http::Serves;
use super::line::State;
use super::reply::{problem, reply};
use super::vendor::{Told, closing, read_body, refused};
use super::world::World;
use super::{Limits, PORTS, request};
use crate::chaos::rule::Chaos;
use crate::fleet::System;
use crate::wire::{Request, Response};

/// The document that describes this API.
const DOCUMENT: &str = include_str!("../../control.openapi.yaml");

/// What an extension answers, in time.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Response> + Send + 'a>>;

/// What the crate that serves a fleet adds to its control API: how rules are written, and requests of its own.
pub trait Extension: fmt::Debug + Send + Sync {
    /// Reads what may go wrong, as its users write it; else what is wrong with it, in words.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read_rules(&self, text: &str) -> Result<Chaos, String>;

    /// Answers a request that is none of the fleet's own; `None` where it is none of the extension's either.
    fn answer<'a>(&'a self, world: Arc<World>, request: &'a Request) -> Option<Answering<'a>>;
}

/// The control API's door.
pub(super) struct Control {
    pub(super) worlds: Arc<Worlds>,
    pub(super) limits: Limits,
    pub(super) places: Arc<Semaphore>,
    pub(super) extension: Option<Arc<dyn Extension>>,
}

impl Serves for Arc<Control> {
    async fn serve(self, _state: Arc<State>, incoming: hyper::Request<Incoming>) -> Told {
        let (parts, body) = incoming.into_parts();
        let Addressed { world, target, .. } = match self.worlds.address(&parts) {
            Ok(addressed) => addressed,
            Err(error) => return Ok(closing(&body, refused(error))),
        };
        let Some(mut request) = request::of(&parts, target) else {
            return Ok(closing(&body, problem(405, "This method is none that the control API knows")));
        };
        match read_body(&self.limits, &parts, body).await {
            Ok(bytes) => request.body = bytes,
            Err(told) => return *told,
        }
        if let Some(call) = Call::of(&request) {
            return Ok(self.carry_out(&world, &call, &request));
        }
        if let Some(answering) = self.extension.as_ref().and_then(|extension| extension.answer(world, &request)) {
            return Ok(reply(answering.await));
        }
        let known = Call::other_methods(&request);
        Ok(if known { problem(405, "This path has other methods") } else { problem(404, "There is no such path") })
    }
}

impl Control {
    fn carry_out(&self, world: &Arc<World>, call: &Call<'_>, request: &Request) -> hyper::Response<AnswerBody> {
        let done = |known: bool, what: &str| if known { no_content() } else { problem(404, what) };
        match *call {
            Call::Health => text("text/plain; charset=utf-8", "serving\n".to_owned()),
            Call::Document => text("application/yaml", DOCUMENT.to_owned()),
            Call::Metrics => {
                let taken = self.limits.connections.max(PORTS).saturating_sub(self.places.available_permits());
                text("text/plain; version=0.0.4; charset=utf-8", world.metrics(taken))
            }
            Call::Worlds => json(200, &answer::worlds(self.worlds.names())),
            Call::EndWorld(name) => done(self.worlds.end(name), "There is no such world, or it is the default one"),
            Call::Rules => json(200, &answer::rules(world)),
            Call::AddRules => self.add_rules(world, request),
            Call::Heal => {
                world.heal();
                no_content()
            }
            Call::RemoveRule(id) => done(world.remove_rule(id), "There is no rule with this number"),
            Call::PauseRules(paused) => {
                world.pause_rules(paused);
                no_content()
            }
            Call::PauseRule(id, paused) => done(world.pause_rule(id, paused), "There is no rule with this number"),
            Call::Outages => json(200, &answer::outages(world)),
            Call::BeginOutage(system) => match Input::of(request).optional_millis("for_ms") {
                Ok(lasts) => {
                    world.begin_outage(system, lasts);
                    no_content()
                }
                Err(wrong) => problem(400, &wrong),
            },
            Call::EndOutage(system) => done(world.end_outage(system), "This vendor has no outage"),
            Call::Clock => json(200, &answer::clock(world)),
            Call::Advance => match Input::of(request).millis("advance_ms") {
                Ok(by) => {
                    world.advance(by);
                    json(200, &answer::clock(world))
                }
                Err(wrong) => problem(400, &wrong),
            },
            Call::RevokeTokens => {
                world.revoke_tokens(System::Identity);
                no_content()
            }
            Call::Records => json(200, &answer::records(world, &System::VENDORS)),
            Call::RecordsOf(system) => json(200, &answer::records(world, &[system])),
            Call::SideEffects => json(200, &answer::side_effects(world)),
            Call::Seed => match Input::of(request).customer() {
                Ok(customer) => json(201, &answer::seeded(world, &customer)),
                Err(wrong) => problem(400, &wrong),
            },
            Call::AddChild(system, ref cust_no) => {
                done(world.add_child(system, cust_no), "This vendor has no live record of this customer")
            }
            Call::Reset => {
                world.reset();
                no_content()
            }
            Call::Observations => answer::observations(world, request),
        }
    }

    fn add_rules(&self, world: &World, request: &Request) -> hyper::Response<AnswerBody> {
        let Some(extension) = &self.extension else {
            return problem(501, "This fleet was started without a way to read rules");
        };
        let Ok(written) = std::str::from_utf8(&request.body) else { return problem(400, "The rules are not UTF-8") };
        match extension.read_rules(written) {
            Ok(chaos) => json(201, &answer::added(&world.add(&chaos), chaos.windows.len())),
            Err(wrong) => problem(400, &wrong),
        }
    }
}
