//! What a request says about a ticket, and what of it makes no sense.

use super::super::super::body::Body;
use super::super::super::change::Change;
use super::super::super::json::key;
use super::super::write::Fault;

/// The statuses that there are.
pub(super) const STATUSES: [&str; 6] = ["new", "open", "pending", "hold", "solved", "closed"];
/// The priorities.
pub(super) const PRIORITIES: [&str; 4] = ["urgent", "high", "normal", "low"];
/// The types.
pub(super) const TYPES: [&str; 4] = ["problem", "incident", "question", "task"];

/// What a request says about a ticket.
#[derive(Debug, Default)]
pub(in super::super) struct Fields<'a> {
    /// In a list of several.
    pub(in super::super) id: Option<u64>,
    pub(super) subject: Change<'a>,
    /// What is asked, by `comment` or by `description`.
    pub(super) text: Change<'a>,
    pub(in super::super) requester: Option<u64>,
    /// Who asks, where that is said by name and e-mail.
    pub(super) asker: Option<Asker<'a>>,
    /// What few say: so whoever only gives a ticket away is not charged for it.
    pub(super) more: Option<Box<More<'a>>>,
}

/// Who asks, as somebody who may not be known yet.
#[derive(Debug, Default)]
pub(super) struct Asker<'a> {
    pub(super) name: Change<'a>,
    pub(super) email: Change<'a>,
}

/// The fields that agents work with.
#[derive(Debug, Default)]
pub(super) struct More<'a> {
    pub(super) status: Change<'a>,
    pub(super) priority: Change<'a>,
    pub(super) kind: Change<'a>,
    pub(super) external_id: Change<'a>,
    pub(super) tags: Option<Vec<String>>,
    /// Nothing where it is not mentioned.
    pub(super) assignee: Option<Option<u64>>,
}

impl<'a> Fields<'a> {
    /// Reads `{"ticket": …}`.
    pub(super) fn of(body: &'a [u8]) -> Option<Self> {
        Body::read(body, |body| body.under("ticket", Self::read))
    }

    /// Reads a ticket's fields, without the envelope.
    pub(in super::super) fn of_ticket(body: &'a str) -> Option<Self> {
        Body::read(body.as_bytes(), Self::read)
    }

    fn read(body: &mut Body<'a>) -> Option<Self> {
        let mut fields = Self::default();
        body.object(|name, body| {
            match name {
                "subject" => fields.subject = body.scalar()?,
                "comment" | "description" => {
                    let text = read_comment(body)?;
                    if text.value().is_some() {
                        fields.text = text;
                    }
                }
                "id" => fields.id = body.id()?,
                "requester_id" => fields.requester = body.id()?,
                "requester" if body.is_object() => fields.asker = Some(Asker::read(body)?),
                _ => More::read(&mut fields.more, name, body)?,
            }
            Some(())
        })?;
        Some(fields)
    }

    /// What is said that there is not.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let Some(more) = &self.more else { return faults };
        let known = [
            (&more.status, &STATUSES[..], key!("status"), "Status"),
            (&more.priority, &PRIORITIES[..], key!("priority"), "Priority"),
            (&more.kind, &TYPES[..], key!("type"), "Type"),
        ];
        for (said, among, field, label) in known {
            if let Some(said) = said.value().filter(|said| !said.is_empty() && !among.contains(said)) {
                faults.push(Fault::unlisted(field, label, said));
            }
        }
        faults
    }
}

/// Reads a comment: an object with its body, or the body alone.
fn read_comment<'a>(body: &mut Body<'a>) -> Option<Change<'a>> {
    if !body.is_object() {
        return body.scalar();
    }
    let mut text = Change::Keep;
    body.object(|name, body| {
        if !matches!(name, "body" | "html_body") {
            return body.skip();
        }
        let said = body.scalar()?;
        if said.value().is_some() {
            text = said;
        }
        Some(())
    })?;
    Some(text)
}

impl<'a> Asker<'a> {
    fn read(body: &mut Body<'a>) -> Option<Self> {
        let mut asker = Self::default();
        body.object(|name, body| {
            match name {
                "name" => asker.name = body.scalar()?,
                "email" => asker.email = body.scalar()?,
                _ => body.skip()?,
            }
            Some(())
        })?;
        Some(asker)
    }
}

impl<'a> More<'a> {
    /// Reads the field of this name, or over it where it is none of these.
    fn read(more: &mut Option<Box<Self>>, name: &str, body: &mut Body<'a>) -> Option<()> {
        if !matches!(name, "status" | "priority" | "type" | "external_id" | "tags" | "assignee_id") {
            return body.skip();
        }
        let more = more.get_or_insert_default();
        let field = match name {
            "status" => &mut more.status,
            "priority" => &mut more.priority,
            "type" => &mut more.kind,
            "external_id" => &mut more.external_id,
            "tags" => return body.words().map(|tags| more.tags = tags),
            _ => return body.id().map(|assignee| more.assignee = Some(assignee)),
        };
        *field = body.scalar()?;
        Some(())
    }
}
