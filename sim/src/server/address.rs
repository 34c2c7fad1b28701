//! The worlds behind a fleet's ports, and which of them a request means: by the header `X-Sagaproof-World`, or by a path
//! that begins with `/w/{world}`. A world that nobody has named before begins when it is named.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::http::request::Parts;

use super::world::World;
use super::{WorldError, WorldSettings};

/// The header that names a world.
pub(super) const HEADER: &str = "x-sagaproof-world";
/// The world of a request that names none.
pub(super) const DEFAULT: &str = "default";
/// So many worlds stand behind one fleet at most.
pub(super) const MOST: usize = 1024;
/// A world's name has so many characters at most.
const LONGEST: usize = 64;

/// The worlds by name.
#[derive(Debug)]
pub(super) struct Worlds {
    settings: WorldSettings,
    default: Arc<World>,
    named: Mutex<BTreeMap<String, Arc<World>>>,
}

/// What a request's address says.
#[derive(Debug)]
pub(super) struct Addressed {
    pub(super) world: Arc<World>,
    /// Path and query, without what named the world.
    pub(super) target: String,
    /// What named the world in the path; empty where nothing did.
    pub(super) prefix: String,
}

impl Worlds {
    /// Worlds that begin with these settings; the default one begins now.
    pub(super) fn new(settings: WorldSettings) -> Self {
        let default = Arc::new(World::new(&settings));
        Self { settings, default, named: Mutex::default() }
    }

    /// The default one.
    pub(super) fn first(&self) -> Arc<World> {
        Arc::clone(&self.default)
    }

    /// The world of this name, begun if need be.
    pub(super) fn get(&self, name: &str) -> Result<Arc<World>, WorldError> {
        if name.is_empty() || name == DEFAULT {
            return Ok(self.first());
        }
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if name.len() > LONGEST || !name.bytes().all(fits) {
            return Err(WorldError::BadName);
        }
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(world) = named.get(name) {
            return Ok(Arc::clone(world));
        }
        if named.len() >= MOST {
            return Err(WorldError::TooMany);
        }
        let world = Arc::new(World::new(&self.settings));
        named.insert(name.to_owned(), Arc::clone(&world));
        Ok(world)
    }

    /// The names of all worlds, the default one first.
    pub(super) fn names(&self) -> Vec<String> {
        let named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        [DEFAULT.to_owned()].into_iter().chain(named.keys().cloned()).collect()
    }

    /// Ends a world; `false` where there is none of this name, or it is the default one.
    pub(super) fn end(&self, name: &str) -> bool {
        let ended = self.named.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        // What is still under way there must not land in a world that begins under the same name.
        ended.map(|world| world.reset()).is_some()
    }

    /// Which world a request means, and what it wants there.
    pub(super) fn address(&self, parts: &Parts) -> Result<Addressed, WorldError> {
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let (prefix, target) = split(target);
        let in_header = || parts.headers.get(HEADER).map(|name| name.to_str().unwrap_or("?"));
        let world = self.get(prefix.strip_prefix("/w/").or_else(in_header).unwrap_or_default())?;
        let target = if target.starts_with('/') { target.to_owned() } else { ["/", target].concat() };
        Ok(Addressed { world, target, prefix: prefix.to_owned() })
    }
}

/// A target's beginning that names a world, and its rest.
fn split(target: &str) -> (&str, &str) {
    if !target.starts_with("/w/") {
        return ("", target);
    }
    let end = target[3..].find(['/', '?']).map_or(target.len(), |end| end + 3);
    target.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_names_a_world_is_split_there() {
        assert_eq!(split("/api/v2/users?page=1"), ("", "/api/v2/users?page=1"));
        assert_eq!(split("/w/one/api/v2?x=/w/two"), ("/w/one", "/api/v2?x=/w/two"));
        assert_eq!(split("/w/one?x"), ("/w/one", "?x"));
        assert_eq!((split("/w/one"), split("/w//api")), (("/w/one", ""), ("/w/", "/api")));
    }
}
