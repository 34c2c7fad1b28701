//! The marks of a scenario's `sometimes:`, the fixed list of what a sweep can be asked to have reached at least once.
//! Each is defined in terms of observations alone; whoever folds over them decides when it is reached.

use super::read::Wrong;

/// Declares the marks: variant, name in files and reports, and what an observer must have seen.
macro_rules! marks {
    ($($mark:ident $name:literal $meaning:literal)*) => {
        /// Something that a sweep must have reached at least once, or it has exercised too little.
        ///
        /// A call is *unknown* where it was heard as an error that does not say that nothing was sent, as a 5xx or
        /// 408, or as an answer whose body is not what it should be.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Mark {
            $(#[doc = $meaning] $mark,)*
        }

        impl Mark {
            /// All marks, in order.
            pub const ALL: &[Self] = &[$(Self::$mark),*];

            /// Its name, as in scenario files and reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$mark => $name),* }
            }

            /// When it is reached, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$mark => $meaning),* }
            }
        }
    };
}

marks! {
    Aborted "aborted" "A saga gave up going forward, durably."
    CompensationRan "compensation-ran" "A vendor handled a mutating call that compensates."
    CompensationEmpty "compensation-empty" "A step was compensated of which no vendor had handled a mutating forward call."
    CompensationRepeated "compensation-repeated" "A mutating call that compensates was sent a second time for the same step."
    CrashBetweenIntentAndCall "crash-between-intent-and-call" "The process crashed on hearing of an applied commit, before any effect of that event."
    CrashBetweenCallAndOutcome "crash-between-call-and-outcome" "The process crashed while a mutating call that a vendor had handled was unanswered or its answer not yet committed."
    CrashBetweenOutcomeAndAnswer "crash-between-outcome-and-answer" "The process crashed after a saga's pivot and before that saga's client was told."
    CrashWhileCompensating "crash-while-compensating" "The process crashed between a saga's abort and its end."
    RestartResumed "restart-resumed" "A process sent a call for a saga that began in an earlier life."
    LateLandedAfterTimeOut "late-landed-after-time-out" "A vendor handled a mutating call after its caller had heard a time-out."
    LateLandedAfterGatewayAnswer "late-landed-after-gateway-answer" "A vendor handled a mutating call after its caller had heard a 502, 504 or 408 for it."
    LateLandedAfterLaterCall "late-landed-after-later-call" "A vendor handled a mutating call after another one that the same step had sent later."
    DuplicateDelivered "duplicate-delivered" "A vendor handled a second delivery of a mutating call."
    AnswerLostAfterEffect "answer-lost-after-effect" "A vendor accepted a mutating call, and its caller heard an error or a 5xx."
    SuccessUnreadable "success-unreadable" "A vendor accepted a mutating call, and its answer came truncated, malformed, empty or as HTML."
    UnknownResolvedAsDone "unknown-resolved-as-done" "A forward call that had taken effect was unknown to its caller, and its saga passed the pivot."
    UnknownResolvedAsAbsent "unknown-resolved-as-absent" "A forward call was unknown, and its step was sent again under another key."
    ConflictAdopted "conflict-adopted" "A forward call heard 409 or 422, and its saga passed the pivot."
    ConflictRefused "conflict-refused" "A forward call heard 409 or 422, and its saga aborted."
    Retried "retried" "A forward operation was sent a second time."
    RetryAfterObeyed "retry-after-obeyed" "A call heard Retry-After, and the next one of its step left no sooner than that said."
    QuotaHit "quota-hit" "A vendor itself, not chaos, answered 429."
    TokenRefreshed "token-refreshed" "A vendor itself, not chaos, answered 401 to a call of a saga, and a later call of the same step was accepted."
    VendorStateChanged "vendor-state-changed" "A window of chaos changed a vendor's state."
    QuietLooked "quiet-looked" "A saga read a vendor afresh before its release."
    QuietLookMended "quiet-look-mended" "A vendor handled a mutating call that mends what the last look found."
    BlankedUndeletable "blanked-undeletable" "Commerce refused a DELETE, and a later mutating call of the same step was accepted."
    MessageRecognised "message-recognised" "Messaging answered 409 to a push: it had accepted its retry key before."
    Parked "parked" "A saga was parked."
    Redriven "redriven" "The operator made a parked saga runnable again."
    TakenOver "taken-over" "A process took a saga over from another one."
    LeftAloneThenEnded "left-alone-then-ended" "A saga ended that a process had left alone before, for it could not read its journal."
    Paused "paused" "A process paused."
    WokeAfterTakeover "woke-after-takeover" "A process that had paused went on, and meanwhile a saga had been taken over."
    HeldBack "held-back" "A call did not leave, for its time had passed."
    Shared "shared" "Sagas began in two processes."
    CommitUnknown "commit-unknown" "A commit ended unknown and was not applied."
    CommitUnknownApplied "commit-unknown-applied" "A commit ended unknown and was applied."
    CommitConflict "commit-conflict" "A commit ended in a conflict."
    StoreFull "store-full" "A commit ended because the store is full."
    CustomersMerged "customers-merged" "A vendor's job merged two customers."
    MergeFailedHalf "merge-failed-half" "A vendor's job to merge two customers failed."
    MovedSingly "moved-singly" "A vendor accepted a call of a saga that gives an order or a ticket to another customer."
    ChildAddedMeanwhile "child-added" "An outsider gave a customer an order or a ticket."
    Reconciled "reconciled" "A vendor accepted a mutating call by which reconciliation mends what it found."
    Rejoined "rejoined" "A vendor accepted a mutating call by which reconciliation makes one again what a merge had made one."
    Busy409 "busy-409" "A client was told 409 with Retry-After."
    AsyncQueued "async-queued" "A client was told 202 to an asynchronous request."
    SyncBecameAsync "sync-became-async" "A client was told 202 to a synchronous request."
    ClientResent "client-resent" "A client sent an operation a second time."
    ClientGaveUp "client-gave-up" "A client's exchange ended without an answer."
    NotAppliedTold "not-applied-told" "A client was told 503 with the outcome not-applied."
    OperatorRedrove "operator-redrove" "An operator was told that a redrive is pressed."
    OperatorResolved "operator-resolved" "An operator was told that a resolve is pressed."
    OperatorAbandoned "operator-abandoned" "An operator was told that an abandon is pressed."
    OperatorInVain "operator-in-vain" "An operator was told that nothing is pressed, for it is so already or cannot be."
}

impl Mark {
    /// The mark with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|mark| mark.name() == name)
    }
}

/// Reads the name of a mark.
pub(super) fn parse(text: &str) -> Result<Mark, Wrong> {
    Mark::from_name(text).ok_or_else(|| Wrong::name("mark", text, Mark::ALL.iter().map(|mark| mark.name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_have_distinct_names_and_a_sentence_each() {
        for mark in Mark::ALL {
            assert_eq!(parse(mark.name()), Ok(*mark));
            assert!(mark.meaning().ends_with('.'), "{}", mark.name());
        }
    }

    #[test]
    fn an_unknown_mark_finds_the_nearest() {
        assert_eq!(parse("compensation_run").unwrap_err().nearest.as_deref(), Some("compensation-ran"));
    }
}
