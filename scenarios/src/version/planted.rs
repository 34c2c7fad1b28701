//! Planted bugs: the hub with one mistake that real systems make, each a file. What a bug needs besides the mistake
//! itself stands in the files that several of them use: `connector`, `pressed`, `recovery` and `retold`.
//!
//! A bug lives at one of five seams and nowhere in the engine, says which checker must convict it and in which scenario,
//! and can be taken out again while all around it stays. Conviction by another checker does not count.
//!
//! To add one: write its file, and name it twice below.

mod abandon_forgets_the_unknown;
mod abandon_leaves_the_rest;
mod abort_discards_steps;
mod accepted_is_merged;
mod answers_before_the_last_vendor;
mod blanks_with_an_order_left;
mod claims_the_newer;
mod compensated_in_name_only;
mod compensates_after_the_pivot;
mod connector;
mod creates_bare;
mod deaf_to_client_keys;
mod deaf_to_retry_after;
mod error_in_200_is_done;
mod failed_is_over;
mod failed_step_is_not_undone;
mod finishes_by_its_own;
mod five_hundred_means_nothing;
mod forgets_calls_under_way;
mod forgets_the_abort;
mod full_is_committed;
mod gone_is_failure;
mod half_is_whole;
mod half_moved_is_done;
mod hidden_retry;
mod ids_without_incarnation;
mod impatient;
mod inherited_budget;
mod key_per_attempt;
mod lands_after_the_fence;
mod last_writer_wins;
mod leaves_the_tickets;
mod link_forgets_metadata;
mod links_the_wrong_way;
mod loser_is_deleted;
mod lost_correlation;
mod mail_per_attempt;
mod merges_again_blindly;
mod merges_the_wrong_way;
mod no_compensation;
mod no_quiet;
mod one_parked_stops_all;
mod outlives_its_lease;
mod parted_stays_parted;
mod points_lost;
mod points_twice;
mod pressed;
mod reads_part_of_the_journal;
mod reconciles_by_half;
mod recovery;
mod redrive_runs_again;
mod redrive_runs_the_running;
mod rejects_its_own_journal;
mod reports_from_one_page;
mod resolve_believes;
mod retold;
mod retry_storm;
mod search_is_believed;
mod sends_after_the_pause;
mod shows_the_undecided;
mod soft_delete_is_gone;
mod steno_66;
mod strict_reader;
mod time_in_the_body;
mod time_out_means_nothing;
mod told_before_durable;
mod unauthorized_is_refused;
mod undeletable_is_retried;
mod undo_in_order;
mod unknown_is_committed;
mod unknown_is_lost;
mod unlink_is_skipped;
mod unreadable_is_refused;
mod upsert;

use std::sync::Arc;

use sagaproof_orchestrator::connector::Connector;
use sagaproof_orchestrator::customer::definition::Definitions;
use sagaproof_orchestrator::policy::Policy;

use self::connector::{Misspoken, Misunderstanding};
use super::hub::Hub;
use crate::adapter::{Bare, Wrapper};
use crate::check::CheckerName;

/// All of them, in order of their names.
pub const ALL: &[Bug] = &[
    abandon_forgets_the_unknown::BUG,
    abandon_leaves_the_rest::BUG,
    abort_discards_steps::BUG,
    accepted_is_merged::BUG,
    answers_before_the_last_vendor::BUG,
    blanks_with_an_order_left::BUG,
    claims_the_newer::BUG,
    compensated_in_name_only::BUG,
    compensates_after_the_pivot::BUG,
    creates_bare::BUG,
    deaf_to_client_keys::BUG,
    deaf_to_retry_after::BUG,
    error_in_200_is_done::BUG,
    failed_is_over::BUG,
    failed_step_is_not_undone::BUG,
    finishes_by_its_own::BUG,
    five_hundred_means_nothing::BUG,
    forgets_calls_under_way::BUG,
    forgets_the_abort::BUG,
    full_is_committed::BUG,
    gone_is_failure::BUG,
    half_is_whole::BUG,
    half_moved_is_done::BUG,
    hidden_retry::BUG,
    ids_without_incarnation::BUG,
    impatient::BUG,
    inherited_budget::BUG,
    key_per_attempt::BUG,
    lands_after_the_fence::BUG,
    last_writer_wins::BUG,
    leaves_the_tickets::BUG,
    link_forgets_metadata::BUG,
    links_the_wrong_way::BUG,
    loser_is_deleted::BUG,
    lost_correlation::BUG,
    mail_per_attempt::BUG,
    merges_again_blindly::BUG,
    merges_the_wrong_way::BUG,
    no_compensation::BUG,
    no_quiet::BUG,
    one_parked_stops_all::BUG,
    outlives_its_lease::BUG,
    points_lost::BUG,
    points_twice::BUG,
    reads_part_of_the_journal::BUG,
    reconciles_by_half::BUG,
    parted_stays_parted::BUG,
    redrive_runs_again::BUG,
    redrive_runs_the_running::BUG,
    rejects_its_own_journal::BUG,
    reports_from_one_page::BUG,
    resolve_believes::BUG,
    retry_storm::BUG,
    search_is_believed::BUG,
    sends_after_the_pause::BUG,
    shows_the_undecided::BUG,
    soft_delete_is_gone::BUG,
    steno_66::BUG,
    strict_reader::BUG,
    time_in_the_body::BUG,
    time_out_means_nothing::BUG,
    told_before_durable::BUG,
    unauthorized_is_refused::BUG,
    undeletable_is_retried::BUG,
    undo_in_order::BUG,
    unknown_is_committed::BUG,
    unknown_is_lost::BUG,
    unlink_is_skipped::BUG,
    unreadable_is_refused::BUG,
    upsert::BUG,
];

/// A planted bug.
#[derive(Debug, Clone, Copy)]
pub struct Bug {
    /// Its name, as on the command line and in reports.
    pub name: &'static str,
    /// The mistake, in one sentence.
    pub summary: &'static str,
    /// Where the mistake is known from.
    pub origin: &'static str,
    /// The checker that must convict it.
    pub convicted_by: CheckerName,
    /// The built-in scenario in which it is hunted.
    pub hunted_in: &'static str,
    /// The mistake itself.
    mistake: Mistake,
}

/// A mistake, by the seam at which it is made.
#[derive(Debug, Clone, Copy)]
enum Mistake {
    Policy(fn(Policy) -> Policy),
    Definitions(Definitions),
    /// Of this release, and of the one that follows it in a rolling upgrade.
    Releases(Definitions, Definitions),
    Connector(Misunderstanding),
    /// Between the node and its store: planted, and taken out.
    Store(Life, Life),
    /// On events and effects on their way: planted, and taken out.
    Wrapper(Life, Life),
}

/// Makes what wraps the node of one life.
type Life = fn() -> Box<dyn Plant>;

/// A wrapper of any kind that can be copied, so that searches can go several ways from one state.
pub trait Plant: Wrapper {
    /// A copy of it.
    fn boxed(&self) -> Box<dyn Plant>;
}

impl<W: Wrapper + Clone + 'static> Plant for W {
    fn boxed(&self) -> Box<dyn Plant> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Plant> {
    fn clone(&self) -> Self {
        (**self).boxed()
    }
}

/// A wrapper fresh for each life.
fn fresh<W: Wrapper + Clone + Default + 'static>() -> Box<dyn Plant> {
    Box::new(W::default())
}

/// The hub as it ships, as one that could have a bug.
pub(super) fn unplanted() -> Hub<Box<dyn Plant>> {
    let Hub { policy, definitions, next, connectors, .. } = Hub::shipped();
    Hub { policy, definitions, next, connectors, wrapper: fresh::<Bare> }
}

/// The bug of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Bug> {
    ALL.iter().find(|bug| bug.name == name)
}

impl Bug {
    /// The seam at which it lives, in words.
    #[must_use]
    pub const fn seam(&self) -> &'static str {
        match self.mistake {
            Mistake::Policy(_) => "policy",
            Mistake::Definitions(_) | Mistake::Releases(..) => "saga definition",
            Mistake::Connector(_) => "connector",
            Mistake::Store(..) => "store adapter",
            Mistake::Wrapper(..) => "event/effect wrapper",
        }
    }

    /// The hub with it.
    #[must_use]
    pub fn planted(&self) -> Hub<Box<dyn Plant>> {
        self.hub(true)
    }

    /// The hub with all that is around it, but without the mistake.
    #[must_use]
    pub fn mended(&self) -> Hub<Box<dyn Plant>> {
        self.hub(false)
    }

    fn hub(&self, planted: bool) -> Hub<Box<dyn Plant>> {
        let hub = unplanted();
        match self.mistake {
            Mistake::Policy(mistaken) if planted => Hub { policy: mistaken, ..hub },
            Mistake::Definitions(mistaken) if planted => Hub { definitions: mistaken, ..hub },
            Mistake::Releases(mistaken, next) if planted => Hub { definitions: mistaken, next, ..hub },
            Mistake::Policy(_) | Mistake::Definitions(_) | Mistake::Releases(..) => hub,
            Mistake::Connector(misunderstanding) => {
                let wrap =
                    |shipped| -> Arc<dyn Connector> { Arc::new(Misspoken { shipped, misunderstanding, planted }) };
                Hub { connectors: hub.connectors.map(wrap), ..hub }
            }
            Mistake::Store(mistaken, mended) | Mistake::Wrapper(mistaken, mended) => {
                Hub { wrapper: if planted { mistaken } else { mended }, ..hub }
            }
        }
    }
}
