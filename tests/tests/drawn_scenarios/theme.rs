//! What a drawn scenario dwells on. Were every setting drawn alone, what needs several of them at once would hardly come up.

/// A theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Nothing in particular.
    Plain,
    /// Nothing goes wrong.
    Fair,
    /// Customers merge, and own little.
    Merges,
    /// Customers merge, and own more than fits on a page or two.
    Pages,
    /// Customers come and go.
    Closes,
    /// Few customers, about whom many ask.
    Contention,
    /// Others hold e-mails.
    Strangers,
    /// Several processes that pause.
    Processes,
    /// Releases that follow each other.
    Upgrade,
    /// Operators who press at random.
    Operators,
    /// A store that misbehaves.
    Disk,
    /// Processes that die often.
    Crashes,
    /// Almost every exchange goes wrong.
    Storm,
    /// Searches that lag.
    Index,
    /// Tokens that end soon.
    Tokens,
    /// Vendors' quotas.
    Quotas,
    /// A hub that gives up at once.
    Impatient,
    /// Clients that send no key.
    Keyless,
    /// Vendors' jobs that take long.
    Jobs,
    /// One or two operations.
    Small,
    /// Many operations.
    Crowd,
}

impl Theme {
    /// All of them; what has most settings of its own stands there twice.
    const ALL: [Self; 26] = [
        Self::Plain,
        Self::Plain,
        Self::Plain,
        Self::Fair,
        Self::Merges,
        Self::Merges,
        Self::Pages,
        Self::Closes,
        Self::Contention,
        Self::Strangers,
        Self::Processes,
        Self::Processes,
        Self::Upgrade,
        Self::Upgrade,
        Self::Operators,
        Self::Disk,
        Self::Crashes,
        Self::Storm,
        Self::Index,
        Self::Tokens,
        Self::Quotas,
        Self::Impatient,
        Self::Keyless,
        Self::Jobs,
        Self::Small,
        Self::Crowd,
    ];

    /// The theme of the scenario with this number: each in turn.
    pub(crate) fn of(number: u64) -> Self {
        Self::ALL[(number % Self::ALL.len() as u64) as usize]
    }

    /// Whether it is one of these.
    pub(crate) fn is(self, those: &[Self]) -> bool {
        those.contains(&self)
    }

    /// How often something is said that these themes dwell on: always there, elsewhere so often.
    pub(crate) fn dwells(self, those: &[Self], elsewhere: u64) -> u64 {
        if self.is(those) { 100 } else { elsewhere }
    }
}
