//! The node's fingerprint. Numbers of reads, commits and calls count by their order among what is under way, so that
//! two nodes that differ in nothing but how much they did before are alike.

use std::hash::Hasher;

use super::Node;
use crate::fingerprint::Fingerprint;
use crate::time::Instant;

impl Node {
    /// Folds all that can still matter into a hasher, as it stands at this instant of the node's monotonic clock. What
    /// it was made of (engine, logs) is left out, and so is what the world keeps for it: its wake-up.
    pub fn feed(&self, now: Instant, hasher: &mut impl Hasher) {
        let Self {
            engine: _,
            now: _,
            logs: _,
            life,
            next_saga,
            recovery,
            lease,
            backlog,
            sagas,
            admissions,
            claims,
            queue,
            keys,
            sweep,
            reads,
            commits,
            calls,
            number: _,
            gates,
            token,
            timers,
            wake: _,
        } = self;
        let print = &mut Fingerprint::new(now, hasher);
        print.fold(&(life, next_saga, backlog, queue, keys, sweep));
        recovery.feed(print);
        print.fold(&(sagas.len(), admissions.len(), timers.len()));
        sagas.values().for_each(|running| running.feed(print));
        for (id, admission) in admissions {
            print.fold(id);
            admission.feed(print);
        }
        claims.iter().for_each(|claim| print.fold(&claim));
        let lone = recovery.pending();
        let business = || lease.iter().flat_map(|lease| lease.business());
        let rank = |number: u64| {
            let before = |other: &u64| *other < number;
            reads.iter().map(|(number, _)| number).filter(before).count()
                + commits.iter().map(|(number, _)| number).filter(before).count()
                + calls.iter().map(|(number, _)| number).filter(before).count()
                + lone.iter().filter(|other| before(other)).count()
                + business().map(|(number, _)| number).filter(before).count()
        };
        print.fold(&lone.map(rank));
        reads.iter().for_each(|(number, read)| print.fold(&(rank(number), read)));
        commits.iter().for_each(|(number, commit)| print.fold(&(rank(number), commit)));
        if let Some(lease) = lease {
            lease.feed(print);
            business().for_each(|(number, business)| print.fold(&(rank(number), business)));
        }
        for (number, call) in calls.iter() {
            print.fold(&rank(number));
            call.feed(print);
        }
        gates.iter().for_each(|gate| gate.feed(print));
        token.feed(print);
        for (at, timer) in timers {
            print.deadline(Some(*at));
            print.fold(timer);
        }
    }
}
