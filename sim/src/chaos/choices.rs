//! Who chooses: the one trait that random, recorded, replayed and systematic worlds implement. Rates are `rule`'s.

use super::point::Point;

/// What may be chosen at a point besides option 0, and how likely each is when drawn at random.
#[derive(Debug, Clone, Copy)]
pub struct Menu<'a> {
    /// The codes of the options other than 0.
    pub options: &'a [u16],
    /// For each of them its probability, in parts of 2³².
    pub odds: &'a [u32],
}

/// A source of decisions. Option 0 is always allowed and is the uneventful one.
pub trait Choices {
    /// Chooses at this point: 0, or one of the menu's options.
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16;
}
