//! What is told of a saga: to its client, and in the journal's neutral view.

use super::SagaId;
use super::running::Running;
use crate::customer::definition::Kind;
use crate::customer::entry::{Entry, Reason};
use crate::effect::Note;
use crate::gateway::answer;

impl Running {
    /// What the client is told once the state says so: after the abort, or after the commit that answers.
    pub(super) fn outcome(&self) -> Option<(u16, String)> {
        let problem = |status, outcome, detail: &str| Some((status, answer::problem_json(status, outcome, detail)));
        match &self.saga.aborted {
            Some(Reason::Refused(code)) => return problem(422, "refused", code),
            Some(Reason::Exhausted(step)) => return problem(503, "not-applied", &["no success at ", step].concat()),
            Some(Reason::Ungranted(status, why)) => return problem(*status, "refused", why),
            Some(Reason::Abandoned) => return problem(503, "not-applied", "an operator gave it up"),
            None => {}
        }
        let grant = self.saga.grant.as_ref()?;
        let wish = &self.saga.began.wish;
        match (wish.kind, &grant.after) {
            (Kind::Create, Some(after)) if self.saga.pivoted => {
                Some((201, answer::customer_json(&wish.cust_no, after, grant.points)))
            }
            (Kind::Update, Some(after)) if self.saga.pivoted => {
                Some((200, answer::customer_json(&wish.cust_no, after, grant.points)))
            }
            (Kind::Merge, Some(after)) if self.is_merged() => {
                Some((200, answer::customer_json(&wish.cust_no, after, self.points(grant))))
            }
            (Kind::Close, _) if self.is_closed() => Some((204, String::new())),
            _ if self.saga.pressed.left => {
                problem(500, "abandoned", "an operator let it go, though not all of it is done")
            }
            _ => None,
        }
    }

    /// Whether an operator has just given it up, and its client does not know yet.
    pub(super) fn is_given_up(&self) -> bool {
        self.saga.aborted == Some(Reason::Abandoned) && self.told.is_none()
    }

    /// Says that the pivot is passed, where a call is the pivot and was not surely refused.
    pub(super) fn note_pivot(&mut self, id: SagaId, step: u8) {
        let pivots = self.saga.definition[usize::from(step)].pivots && self.saga.pivoted;
        if pivots && !std::mem::replace(&mut self.turned, true) {
            self.notes.push(Note::Pivoted(id.0));
        }
    }

    /// Says this once the next commit is durable.
    pub(super) fn note(&mut self, id: SagaId, entry: &Entry) {
        self.notes.push(match entry {
            Entry::Primary(_) if !std::mem::replace(&mut self.turned, true) => Note::Pivoted(id.0),
            Entry::Aborted(_) => Note::Aborted(id.0),
            Entry::Parked(step, attempts, refused) => {
                Note::Parked { saga: id.0, step: *step, attempts: *attempts, refused: *refused }
            }
            Entry::Wanting(wanting) => {
                let (step, attempts, refused) = wanting.parked;
                Note::Parked { saga: id.0, step, attempts, refused }
            }
            Entry::Pressed(_) if self.is_given_up() => Note::Aborted(id.0),
            Entry::Redriven | Entry::Pressed(_) => Note::Redriven(id.0),
            Entry::Released => Note::Released(id.0),
            _ => return,
        });
    }
}
