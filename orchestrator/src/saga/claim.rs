//! Claims: which saga holds which keys. All keys of a saga are claimed at once or not at all, so there is neither a
//! deadlock nor a lock order. This is the node's memory of it; the rows that make a claim durable stand in the store.

use std::collections::BTreeMap;

use super::SagaId;

/// Who holds what.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    held: BTreeMap<String, SagaId>,
}

impl Claims {
    /// Claims all of these keys for this saga, or none. Keys that it already holds are no hindrance.
    ///
    /// # Errors
    /// The first key that another saga holds.
    pub fn claim<'a>(&mut self, saga: SagaId, keys: impl Iterator<Item = &'a str> + Clone) -> Result<(), &'a str> {
        if let Some(busy) = keys.clone().find(|key| self.held.get(*key).is_some_and(|holder| *holder != saga)) {
            return Err(busy);
        }
        for key in keys {
            if !self.held.contains_key(key) {
                self.held.insert(key.to_owned(), saga);
            }
        }
        Ok(())
    }

    /// Releases these keys, as far as this saga holds them.
    pub fn release<'a>(&mut self, saga: SagaId, keys: impl Iterator<Item = &'a str>) {
        for key in keys {
            if self.held.get(key) == Some(&saga) {
                self.held.remove(key);
            }
        }
    }

    /// Who holds what, in order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, SagaId)> {
        self.held.iter().map(|(key, saga)| (key.as_str(), *saga))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_takes_all_keys_or_none() {
        let (one, two) = (SagaId(1), SagaId(2));
        let mut claims = Claims::default();
        assert_eq!(claims.claim(one, ["a", "b"].into_iter()), Ok(()));
        assert_eq!(claims.claim(two, ["c", "b"].into_iter()), Err("b"));
        assert_eq!(claims.claim(two, ["c"].into_iter()), Ok(()));
        claims.release(two, ["a", "c"].into_iter());
        assert_eq!(claims.iter().collect::<Vec<_>>(), [("a", one), ("b", one)]);
    }
}
