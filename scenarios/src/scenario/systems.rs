//! Systems and routes as written, by their names.

use sagaproof_sim::fleet::System;
use sagaproof_sim::fleet::all::Fleet;

use super::read::Wrong;

/// The names of the routes that clients take to the hub, by number.
pub const CLIENT_ROUTES: &[&str] = &["create", "update", "close", "read", "job", "merge", "sagas", "operate"];

/// Reads the name of a system that can be called: a vendor, or the hub.
pub(super) fn any(text: &str) -> Result<System, Wrong> {
    let systems = [System::Hub].into_iter().chain(System::VENDORS);
    systems
        .clone()
        .find(|system| system.name() == text)
        .ok_or_else(|| Wrong::name("system", text, systems.map(System::name)))
}

/// Reads the name of a vendor.
pub(super) fn vendor(text: &str) -> Result<System, Wrong> {
    System::VENDORS
        .into_iter()
        .find(|system| system.name() == text)
        .ok_or_else(|| Wrong::name("vendor", text, System::VENDORS.map(System::name)))
}

/// The names of a system's routes, by number.
pub(super) fn routes(system: System) -> &'static [&'static str] {
    if system == System::Hub { CLIENT_ROUTES } else { Fleet::route_names(system) }
}

/// Reads the name of a route of one of these systems.
pub(super) fn route(text: &str, systems: &[System]) -> Result<String, Wrong> {
    let routes = systems.iter().flat_map(|system| routes(*system)).copied();
    if !routes.clone().any(|route| route == text) {
        return Err(Wrong::name("route of these systems", text, routes));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_name_and_the_hub_is_no_vendor() {
        assert_eq!(any("hub"), Ok(System::Hub));
        assert_eq!(vendor("identity"), Ok(System::Identity));
        assert!(vendor("hub").is_err());
    }

    #[test]
    fn an_unknown_vendor_finds_the_nearest() {
        let wrong = vendor("comerce").unwrap_err();
        assert_eq!((wrong.problem.as_str(), wrong.nearest.as_deref()), ("is no vendor", Some("commerce")));
    }

    #[test]
    fn a_route_belongs_to_its_systems() {
        let known = Fleet::route_names(System::Commerce)[0];
        assert_eq!(route(known, &[System::Commerce]).as_deref(), Ok(known));
        assert!(route("no-such-route", &System::VENDORS).is_err());
        assert_eq!(route("close", &[System::Hub]).as_deref(), Ok("close"));
        assert!(route("close", &System::VENDORS).is_err());
    }
}
