//! What the node logs: a saga's milestones once they are durable, and each call's end.

use super::{Node, SagaId};
use crate::effect::{Effect, Note};
use crate::telemetry::Line;

impl Node {
    /// Logs the milestones that have just become durable.
    pub(super) fn log_notes(&self, id: SagaId, notes: &[Note], effects: &mut Vec<Effect>) {
        for note in notes {
            let (level, message, step, code) = match note {
                Note::Began { .. } => ("INFO", "saga began", None, ""),
                Note::Pivoted(_) => ("INFO", "pivot passed", None, ""),
                Note::Aborted(_) => ("WARN", "aborted, compensating", None, self.error_of(id)),
                Note::Parked { step, .. } => ("ERROR", "parked, needs attention", Some(*step), self.error_of(id)),
                Note::Redriven(_) => ("INFO", "redriven", None, ""),
                Note::LeftAlone(_) => ("ERROR", "journal left alone, needs attention", None, ""),
                Note::TakenOver(_) => ("WARN", "taken over", None, ""),
                Note::Released(_) => ("INFO", "claims released", None, ""),
                Note::Ended(_) => ("INFO", "saga ended", None, ""),
            };
            self.log(level, "saga", id, step, message, code, effects);
        }
    }

    /// Logs that a saga is let go although something is left to do; what, its journal says.
    pub(super) fn log_left(&self, id: SagaId, effects: &mut Vec<Effect>) {
        self.log(
            "ERROR",
            "saga",
            id,
            None,
            "abandoned with something left undone, needs attention",
            "abandoned",
            effects,
        );
    }

    /// Logs the end of a call.
    pub(super) fn log_call(&self, id: SagaId, step: Option<u8>, failed: bool, effects: &mut Vec<Effect>) {
        let (level, message, code) =
            if failed { ("WARN", "call without success", self.error_of(id)) } else { ("INFO", "call answered", "") };
        self.log(level, "call", id, step, message, code, effects);
    }

    /// Says that a saga's journal cannot be read here.
    pub(super) fn leave_alone(&self, id: SagaId, effects: &mut Vec<Effect>) {
        effects.push(Effect::Note(Note::LeftAlone(id.0)));
        if self.logs {
            let line = Line {
                level: "ERROR",
                timestamp: self.now.0,
                function_name: "recovery",
                function_request_id: self.number,
                correlation_id: "",
                saga_id: id.to_string(),
                step: "",
                message: "journal left alone, needs attention",
                error_code: "unreadable",
            };
            effects.push(Effect::Log(line.json()));
        }
    }

    fn error_of(&self, id: SagaId) -> &'static str {
        self.sagas.get(&id).map_or("", |running| running.last_error)
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one line")]
    fn log(
        &self,
        level: &'static str,
        function_name: &'static str,
        id: SagaId,
        step: Option<u8>,
        message: &'static str,
        error_code: &str,
        effects: &mut Vec<Effect>,
    ) {
        let Some(running) = self.sagas.get(&id).filter(|_| self.logs) else { return };
        let line = Line {
            level,
            timestamp: self.now.0,
            function_name,
            function_request_id: self.number,
            correlation_id: &running.saga.began.correlation,
            saga_id: id.to_string(),
            step: step.map_or("", |step| running.saga.definition[usize::from(step)].name),
            message,
            error_code,
        };
        effects.push(Effect::Log(line.json()));
    }
}
