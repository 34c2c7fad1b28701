//! Which request of the control API a method and a path are.

use std::borrow::Cow;

use crate::fleet::System;
use crate::fleet::target::decode;
use crate::wire::{Method, Request};

/// Every method and path of the control API, as its document has them; those that a fleet's server adds aside.
pub const ROUTES: &[(Method, &str)] = &[
    (Method::Get, "/healthz"),
    (Method::Get, "/openapi.yaml"),
    (Method::Get, "/metrics"),
    (Method::Get, "/worlds"),
    (Method::Delete, "/worlds/{world}"),
    (Method::Get, "/rules"),
    (Method::Post, "/rules"),
    (Method::Delete, "/rules"),
    (Method::Delete, "/rules/{id}"),
    (Method::Post, "/rules/pause"),
    (Method::Post, "/rules/resume"),
    (Method::Post, "/rules/{id}/pause"),
    (Method::Post, "/rules/{id}/resume"),
    (Method::Get, "/outages"),
    (Method::Put, "/outages/{vendor}"),
    (Method::Delete, "/outages/{vendor}"),
    (Method::Get, "/clock"),
    (Method::Post, "/clock"),
    (Method::Post, "/tokens/revoke"),
    (Method::Get, "/records"),
    (Method::Get, "/records/{vendor}"),
    (Method::Get, "/side-effects"),
    (Method::Post, "/customers"),
    (Method::Post, "/customers/{cust_no}/orders"),
    (Method::Post, "/customers/{cust_no}/tickets"),
    (Method::Post, "/reset"),
    (Method::Get, "/observations"),
];

/// A request that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Call<'a> {
    Health,
    Document,
    Metrics,
    Worlds,
    EndWorld(&'a str),
    Rules,
    AddRules,
    Heal,
    RemoveRule(u64),
    PauseRules(bool),
    PauseRule(u64, bool),
    Outages,
    BeginOutage(System),
    EndOutage(System),
    Clock,
    Advance,
    RevokeTokens,
    Records,
    RecordsOf(System),
    SideEffects,
    Seed,
    AddChild(System, Cow<'a, str>),
    Reset,
    Observations,
}

impl<'a> Call<'a> {
    /// Reads a request's method and path; `None` where it is none of these.
    pub(super) fn of(request: &'a Request) -> Option<Self> {
        Self::at(request.method, request.path())
    }

    /// Whether the path is known with other methods.
    pub(super) fn other_methods(request: &'a Request) -> bool {
        let methods = [Method::Get, Method::Post, Method::Put, Method::Delete];
        methods.into_iter().any(|method| Self::at(method, request.path()).is_some())
    }

    fn at(method: Method, path: &'a str) -> Option<Self> {
        let mut parts = path.strip_prefix('/')?.splitn(4, '/');
        let parts = [parts.next(), parts.next(), parts.next(), parts.next()];
        Some(match (method, parts) {
            (Method::Get, [Some("healthz"), None, ..]) => Self::Health,
            (Method::Get, [Some("openapi.yaml"), None, ..]) => Self::Document,
            (Method::Get, [Some("metrics"), None, ..]) => Self::Metrics,
            (Method::Get, [Some("worlds"), None, ..]) => Self::Worlds,
            (Method::Delete, [Some("worlds"), Some(name), None, _]) => Self::EndWorld(name),
            (Method::Get, [Some("rules"), None, ..]) => Self::Rules,
            (Method::Post, [Some("rules"), None, ..]) => Self::AddRules,
            (Method::Delete, [Some("rules"), None, ..]) => Self::Heal,
            (Method::Delete, [Some("rules"), Some(id), None, _]) => Self::RemoveRule(id.parse().ok()?),
            (Method::Post, [Some("rules"), Some("pause"), None, _]) => Self::PauseRules(true),
            (Method::Post, [Some("rules"), Some("resume"), None, _]) => Self::PauseRules(false),
            (Method::Post, [Some("rules"), Some(id), Some("pause"), None]) => Self::PauseRule(id.parse().ok()?, true),
            (Method::Post, [Some("rules"), Some(id), Some("resume"), None]) => Self::PauseRule(id.parse().ok()?, false),
            (Method::Get, [Some("outages"), None, ..]) => Self::Outages,
            (Method::Put, [Some("outages"), Some(vendor), None, _]) => Self::BeginOutage(system(vendor)?),
            (Method::Delete, [Some("outages"), Some(vendor), None, _]) => Self::EndOutage(system(vendor)?),
            (Method::Get, [Some("clock"), None, ..]) => Self::Clock,
            (Method::Post, [Some("clock"), None, ..]) => Self::Advance,
            (Method::Post, [Some("tokens"), Some("revoke"), None, _]) => Self::RevokeTokens,
            (Method::Get, [Some("records"), None, ..]) => Self::Records,
            (Method::Get, [Some("records"), Some(vendor), None, _]) => Self::RecordsOf(system(vendor)?),
            (Method::Get, [Some("side-effects"), None, ..]) => Self::SideEffects,
            (Method::Post, [Some("customers"), None, ..]) => Self::Seed,
            (Method::Post, [Some("customers"), Some(cust_no), Some("orders"), None]) => {
                Self::AddChild(System::Commerce, decode(cust_no, false))
            }
            (Method::Post, [Some("customers"), Some(cust_no), Some("tickets"), None]) => {
                Self::AddChild(System::Support, decode(cust_no, false))
            }
            (Method::Post, [Some("reset"), None, ..]) => Self::Reset,
            (Method::Get, [Some("observations"), None, ..]) => Self::Observations,
            _ => return None,
        })
    }
}

/// The vendor of this name.
fn system(name: &str) -> Option<System> {
    System::VENDORS.into_iter().find(|system| system.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_the_list_is_understood_and_no_other_method_of_its_path() {
        for (method, template) in ROUTES {
            let path = template.replace("{vendor}", "support").replace("{id}", "7").replace("{world}", "one");
            let path = path.replace("{cust_no}", "C001");
            assert!(Call::at(*method, &path).is_some(), "{template}");
            assert!(Call::at(Method::Patch, &path).is_none());
            assert!(Call::at(*method, &format!("{path}/")).is_none(), "{template}/");
        }
        for unknown in ["/", "/outages/hub", "/rules/x", "/records/support/1", "/healthz/x", ""] {
            assert!(Call::at(Method::Get, unknown).is_none() && Call::at(Method::Delete, unknown).is_none());
        }
    }
}
