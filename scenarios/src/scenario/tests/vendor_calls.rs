//! Holds docs/vendor-calls.md to the models: what it says of a call's route is so, and no route is left out.

use std::collections::BTreeSet;

use sagaproof_sim::fleet::System;
use sagaproof_sim::fleet::all::{Fleet, Settings};
use sagaproof_sim::wire::{Headers, Method, Request};

/// The rows of the tables under a system's heading: what is called, and the route.
fn rows<'a>(page: &'a str, system: &str) -> Vec<(&'a str, &'a str)> {
    let section = page.split("\n## ").find(|section| section.starts_with(&format!("`{system}`"))).unwrap();
    let cell = |cell: &'a str| cell.trim().strip_prefix('`')?.strip_suffix('`');
    let row = |line: &'a str| {
        let mut cells = line.strip_prefix('|')?.split('|');
        Some((cell(cells.next()?)?, cell(cells.next()?)?))
    };
    section.lines().filter_map(row).collect()
}

/// A request as the page writes it: a method and a path, or a field of GraphQL.
fn request(system: System, call: &str) -> Request {
    let (method, target, body) = match call.split_once(' ') {
        Some((method, path)) if path.starts_with('/') => (method, path.to_owned(), String::new()),
        Some((method, path)) => {
            let root = match system {
                System::Commerce => "/admin/api/2026-01",
                System::Messaging => "/v2/bot",
                _ => "/api/v2",
            };
            (method, format!("{root}/{path}"), String::new())
        }
        None => {
            let kind = if call.starts_with("customer") && call.len() > 12 { "mutation " } else { "" };
            let body = format!("{{\"query\":\"{kind}{{ {call} {{ id }} }}\"}}");
            ("POST", "/admin/api/2026-01/graphql.json".to_owned(), body)
        }
    };
    let method = match method {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "PATCH" => Method::Patch,
        "DELETE" => Method::Delete,
        other => panic!("{other} is no method"),
    };
    let target = target.replace(['{', '}'], "");
    Request { method, target, headers: Headers::new(), body: body.into_bytes() }
}

#[test]
fn the_page_of_vendor_calls_says_which_route_each_takes_and_leaves_none_out() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/vendor-calls.md");
    let page = std::fs::read_to_string(page).unwrap();
    let fleet = Fleet::new(&Settings::default());
    for system in System::VENDORS {
        let names = Fleet::route_names(system);
        let mut told = BTreeSet::from(["other"]);
        for (call, route) in rows(&page, system.name()) {
            let (taken, _) = fleet.route(system, &request(system, call));
            assert_eq!(names[usize::from(taken.0)], route, "{}: {call}", system.name());
            told.insert(route);
        }
        assert_eq!(told, names.iter().copied().collect(), "{}", system.name());
    }
}
