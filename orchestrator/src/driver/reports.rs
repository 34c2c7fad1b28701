//! An operator's reports on one saga, read afresh from the vendors: the difference and the runbook. The journal is the
//! node's; the reads are the driver's own and leave no trace in it.

use hyper::StatusCode;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::outbound::Outbound;
use super::reply::{Reply, refused, text};
use crate::connector::Vendor;
use crate::customer::entry::Entry;
use crate::customer::state::Engine;
use crate::message::{Request, Response};
use crate::operations::difference::{System, report};
use crate::operations::outlook::outlook;
use crate::operations::{Case, Vendors, audit, runbook};
use crate::saga::SagaId;

/// What reports are read with.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub(super) engine: Engine,
    pub(super) outbound: Outbound,
}

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    /// The difference report.
    Difference,
    /// The runbook, with the difference report and the audit trail.
    Runbook,
}

/// The saga and the report that this path asks for.
pub(super) fn asked(path: &str) -> Option<(SagaId, Report)> {
    let (saga, report) = path.strip_prefix("/operator/sagas/")?.split_once('/')?;
    let report = match report {
        "difference" => Report::Difference,
        "runbook" => Report::Runbook,
        _ => return None,
    };
    Some((SagaId::parse(saga)?, report))
}

/// A report, for machines and for people.
#[derive(Serialize)]
struct Told {
    saga: String,
    difference: Vec<System>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trail: Vec<audit::Line>,
    markdown: String,
}

/// The vendors, asked over the sockets that the hub itself calls by.
struct Asking {
    outbound: Outbound,
    engine: Engine,
    runtime: Handle,
}

impl Vendors for Asking {
    fn ask(&mut self, vendor: Vendor, request: &Request) -> Option<Response> {
        let time_out = self.engine.policy.time_out;
        self.runtime.block_on(self.outbound.ask(vendor, request.clone(), time_out)).ok()
    }
}

/// Makes the report on the saga with this journal.
pub(super) async fn make(id: SagaId, entries: Vec<Entry>, wanted: Report, reader: &Reader) -> Reply {
    let Reader { engine, outbound } = reader.clone();
    let runtime = Handle::current();
    let made = spawn_blocking(move || {
        let case = Case::of(id, entries, &engine).ok()?;
        let mut vendors = Asking { outbound, engine: engine.clone(), runtime };
        let difference = report(&case, &engine, &mut vendors);
        let (markdown, trail) = match wanted {
            Report::Difference => (runbook::difference(&case, &difference), Vec::new()),
            Report::Runbook => {
                let outlook = outlook(&case, &engine, &mut vendors);
                (runbook::write(&case, &difference, &outlook), audit::trail(&case))
            }
        };
        Some(Told { saga: id.to_string(), difference, trail, markdown })
    });
    match made.await {
        Ok(Some(told)) => {
            // Writing plain data into memory cannot fail.
            text(StatusCode::OK, "application/json", serde_json::to_string(&told).unwrap_or_default())
        }
        Ok(None) | Err(_) => refused(500, "its journal cannot be read by this version"),
    }
}
