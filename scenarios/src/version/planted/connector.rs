//! Connectors that misunderstand their vendor in one way: the shipped ones, with one of their words taken otherwise.

use std::sync::Arc;

use sagaproof_orchestrator::connector::{Ask, Connector, Found, Operation, Profile, Reading};
use sagaproof_orchestrator::message::{Request, Response};

/// What is misunderstood. Each is given what the shipped connector says.
#[derive(Debug, Clone, Copy)]
pub(super) enum Misunderstanding {
    /// What answers say.
    Answers(fn(&Operation, &Response, Reading) -> Reading),
    /// What brings a record nearer to what is wanted.
    Mending(fn(Option<Operation>) -> Option<Operation>),
    /// What removes a record.
    Removal(fn(&Found, Option<Operation>) -> Option<Operation>),
    /// How requests are written.
    Requests(fn(&Ask<'_>, Request) -> Request),
    /// How requests are written; and what answers say.
    Talks(fn(&Ask<'_>, Request) -> Request, fn(&Operation, &Response, Reading) -> Reading),
    /// Which id the hub chooses; and how requests are written.
    Ids(fn(String) -> String, fn(&Ask<'_>, Request) -> Request),
}

/// A connector that misunderstands.
#[derive(Debug)]
pub(super) struct Misspoken {
    pub(super) shipped: Arc<dyn Connector>,
    pub(super) misunderstanding: Misunderstanding,
    /// Without it the connector is as shipped.
    pub(super) planted: bool,
}

impl Connector for Misspoken {
    fn render(&self, ask: &Ask<'_>) -> Request {
        let request = self.shipped.render(ask);
        match self.misunderstanding {
            Misunderstanding::Requests(write) | Misunderstanding::Talks(write, _) | Misunderstanding::Ids(_, write)
                if self.planted =>
            {
                write(ask, request)
            }
            _ => request,
        }
    }

    fn read(&self, operation: &Operation, response: &Response) -> Reading {
        let reading = self.shipped.read(operation, response);
        match self.misunderstanding {
            Misunderstanding::Answers(take) | Misunderstanding::Talks(_, take) if self.planted => {
                take(operation, response, reading)
            }
            _ => reading,
        }
    }

    fn mend(&self, want: &Profile, have: &Found) -> Option<Operation> {
        let operation = self.shipped.mend(want, have);
        match self.misunderstanding {
            Misunderstanding::Mending(take) if self.planted => take(operation),
            _ => operation,
        }
    }

    fn remove(&self, have: &Found) -> Option<Operation> {
        let operation = self.shipped.remove(have);
        match self.misunderstanding {
            Misunderstanding::Removal(take) if self.planted => take(have, operation),
            _ => operation,
        }
    }

    fn blank(&self, have: &Found) -> Option<Operation> {
        self.shipped.blank(have)
    }

    fn chosen_id(&self, owner: &str) -> Option<String> {
        let id = self.shipped.chosen_id(owner)?;
        Some(match self.misunderstanding {
            Misunderstanding::Ids(choose, _) if self.planted => choose(id),
            _ => id,
        })
    }

    fn finds_fresh(&self) -> bool {
        self.shipped.finds_fresh()
    }

    fn keeps_deleted(&self) -> bool {
        self.shipped.keeps_deleted()
    }

    fn moves_children(&self) -> bool {
        self.shipped.moves_children()
    }

    fn children_listed(&self) -> usize {
        self.shipped.children_listed()
    }

    fn needs_token(&self) -> bool {
        self.shipped.needs_token()
    }
}
