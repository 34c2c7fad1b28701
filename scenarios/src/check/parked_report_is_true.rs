//! `parked-report-is-true`: what an operator is told of a parked saga is true at that moment. Its difference report
//! lists every difference between what the saga intends and what stands at the systems, and none that there is not; and
//! who carries out the calls that it names as remaining, and nothing else, finds every system as intended.
//!
//! And the list of parked sagas leaves none out: those that the journal's view shows as parked are to be on it.
//!
//! What stands is read off the fleet's records. What is intended follows from the primary (what `GET` says) and from
//! which way the saga goes; where the journal does not show that of a merge, nothing is judged. Needs F4, at the moment
//! of the report: whoever asks for one asks copies, and what lands later makes no lie of it. How it is asked is the
//! runner's.

use sagaproof_sim::fleet::{Child, ChildKind, Condition, OwnerTag, Record, System};

use super::journal::{Saga, Way};
use super::{CheckerName, EndState, Finding};
use crate::operation::Customer;

/// What an operator is given about a parked saga, and what is true at that moment.
#[derive(Debug, Clone)]
pub struct ParkedReport {
    /// The saga, as the journal's neutral view numbers it.
    pub saga: u64,
    /// Its name, as operators know it.
    pub name: String,
    /// What it does: `create`, `update`, `close`, `merge`.
    pub kind: String,
    /// Whether it still holds whom it is about; one that has only a message left to send does not.
    pub holds: bool,
    /// Whom it is about; of a merge the one that stays, then the one that goes.
    pub customers: Vec<String>,
    /// What the primary says of each of them.
    pub primary: Vec<Option<Customer>>,
    /// The difference report.
    pub told: Vec<ToldSystem>,
    /// What stands.
    pub stands: Standing,
    /// What came of carrying out what it names as remaining.
    pub remains: Remains,
}

/// What a difference report says of one system.
#[derive(Debug, Clone)]
pub struct ToldSystem {
    /// The system.
    pub system: String,
    /// Field by field: its name, as intended, as it stands.
    pub fields: Vec<[String; 3]>,
    /// Why it could not be read, where it says so.
    pub unreadable: Option<String>,
}

/// What stands at the systems, in the order of [`EndState::SYSTEMS`].
#[derive(Debug, Clone)]
pub struct Standing {
    /// The records.
    pub records: [Vec<Record>; 3],
    /// What belongs to them.
    pub children: [Vec<Child>; 3],
    /// Whether a job of the vendor's is under way.
    pub jobs: [bool; 3],
}

/// What came of carrying out the calls that remain, on a copy of the vendors.
#[derive(Debug, Clone)]
pub enum Remains {
    /// Nobody tried.
    Untried,
    /// It says why no call of a person's helps now.
    NothingHelps,
    /// So it stood after each call, with the call in words; after the last of them nothing remains.
    Done(Vec<(String, Standing)>),
    /// It could not be carried out: why.
    Failed(String),
}

/// How a report says that a record bears no owner's tag, or that of several.
const NO_OWNER: &str = "none, or several";

/// A field as it truly is: its name, as intended, as it stands.
struct Cell {
    field: &'static str,
    intended: String,
    actual: String,
}

impl Cell {
    fn of(field: &'static str, intended: impl Into<String>, actual: impl Into<String>) -> Self {
        Self { field, intended: intended.into(), actual: actual.into() }
    }

    fn differs(&self) -> bool {
        self.intended != self.actual
    }
}

/// The list of parked sagas does not name this one.
pub(super) fn left_out(saga: &Saga) -> Finding {
    let message = format!("the list of parked sagas leaves out one that is parked: the saga of {}\n", saga.correlation);
    Finding { checker: CheckerName::ParkedReportIsTrue, calls: Vec::new(), message }
}

/// Judges a report.
pub(super) fn judge(saga: &Saga, report: &ParkedReport) -> Option<Finding> {
    let aims = aims(report, saga.way)?;
    let mut lies = Vec::new();
    for (place, system) in EndState::SYSTEMS.into_iter().enumerate().filter(|_| report.holds) {
        let truth = truth(report, &aims, &report.stands, place);
        compare(system, &truth, report, &mut lies);
    }
    if !report.holds && !report.told.is_empty() {
        lies.push("it tells of customers that the saga has let go".to_owned());
    }
    match &report.remains {
        Remains::Failed(why) => lies.push(format!("what remains cannot be carried out: {why}")),
        Remains::Done(calls) if report.holds => carried_out(report, &aims, calls, &mut lies),
        Remains::Untried | Remains::NothingHelps | Remains::Done(_) => {}
    }
    if lies.is_empty() {
        return None;
    }
    let message =
        format!("the report on saga {}, which is parked, is not true\n  {}\n", report.name, lies.join("\n  "));
    Some(Finding { checker: CheckerName::ParkedReportIsTrue, calls: Vec::new(), message })
}

/// Who shall stand in the end, and how: in the order of the report's customers. `None` where that cannot be told.
fn aims(report: &ParkedReport, way: Way) -> Option<Vec<Option<&Customer>>> {
    let mut aims: Vec<Option<&Customer>> = report.primary.iter().map(Option::as_ref).collect();
    match (&*report.kind, way) {
        ("merge", Way::Unknown) => return None,
        ("merge", Way::Forward) => *aims.get_mut(1)? = None,
        ("close", Way::Forward | Way::Unknown) => *aims.first_mut()? = None,
        _ => {}
    }
    Some(aims)
}

/// What is true of one system.
fn truth(report: &ParkedReport, aims: &[Option<&Customer>], stands: &Standing, place: usize) -> Vec<Cell> {
    let ours = |customer: usize, condition| {
        let cust_no = report.customers.get(customer)?.as_str();
        let email = report.primary.get(customer)?.as_ref().map(|primary| primary.email.to_lowercase());
        let own = move |record: &&Record| {
            record.condition == condition
                && match &record.tag {
                    Some(tag) => tag.cust_no == cust_no,
                    None => email.is_some() && record.email == email,
                }
        };
        Some(stands.records[place].iter().filter(own).collect::<Vec<_>>())
    };
    let live = |customer| ours(customer, Condition::Live).unwrap_or_default();
    let (stays, goes) = (live(0), live(1));
    if report.kind != "merge" {
        let half_gone = ours(0, Condition::SoftDeleted).unwrap_or_default().len();
        let intended = if aims[0].is_some() { "there" } else { "gone" };
        let actual = match (stays.len(), half_gone) {
            (0, 0) => "gone".to_owned(),
            (0, _) => "gone, but not for good".to_owned(),
            (1, _) => "there".to_owned(),
            (many, _) => format!("{many} records"),
        };
        let mut cells = vec![Cell::of("record", intended, actual)];
        if let (Some(aim), Some(record)) = (aims[0], stays.first()) {
            cells.extend(fields(aim, record, place));
        }
        return cells;
    }
    let intended = if aims.get(1).is_some_and(Option::is_some) { "two" } else { "one" };
    let actual = match (stands.jobs[place], stays.len() + goes.len()) {
        (true, _) => "a merge is under way".to_owned(),
        (false, 1) => "one".to_owned(),
        (false, 2) => "two".to_owned(),
        (false, many) => format!("{many} records"),
    };
    let pending = stands.jobs[place];
    let mut cells = vec![Cell::of("records", intended, actual)];
    if intended == "one" && !pending {
        cells.extend(goes.first().map(|goes| left_with(goes, stands, place)));
    }
    let record = stays.first().or(goes.first()).filter(|_| !pending);
    if let (Some(aim), Some(record)) = (aims[0], record) {
        cells.extend(fields(aim, record, place));
    }
    if let (Some(Some(aim)), [_], [record]) = (aims.get(1), &*stays, &*goes) {
        cells.extend(fields(aim, record, place).into_iter().filter_map(of_the_other));
    }
    cells
}

/// What a merge has still to take from the record that goes.
const LEFT: &str = "left with the other";

/// What is said there after the first of it, where a vendor shows no more at once.
const MORE: &str = ", and perhaps more";

fn left_with(goes: &Record, stands: &Standing, place: usize) -> Cell {
    // An identity provider's record is its own login, and goes with it.
    let moves = |child: &&Child| child.kind != ChildKind::Identity && child.holder.as_ref() == Some(&goes.id);
    let ids: Vec<&str> = stands.children[place].iter().filter(moves).map(|child| &*child.id).collect();
    Cell::of(LEFT, "none", if ids.is_empty() { "none".to_owned() } else { ids.join(", ") })
}

/// Whether all that is said to be left hangs on a record of the customer that goes which is blanked and marked already.
fn is_left_with_closed(told: &str, report: &ParkedReport, place: usize) -> bool {
    let gone = |id: &str| {
        let of = |record: &&Record| record.id == id && record.condition == Condition::Closed;
        let tag = report.stands.records[place].iter().find(of).and_then(|record| record.tag.as_ref());
        tag.is_some_and(|tag| report.customers.get(1) == Some(&tag.cust_no))
    };
    let hangs = |id: &str| {
        let child = report.stands.children[place].iter().find(|child| child.id == id);
        child.and_then(|child| child.holder.as_deref()).is_some_and(gone)
    };
    told.strip_suffix(MORE).unwrap_or(told).split(", ").all(hangs)
}

/// Whether what is said to be left is the first of what is, and said to be no more than that.
fn is_first_of(told: &str, all: &str) -> bool {
    let rest = told.strip_suffix(MORE).and_then(|first| all.strip_prefix(first));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(", "))
}

/// A field of the record that a merge would have let go, as reports call it.
fn of_the_other(cell: Cell) -> Option<Cell> {
    let field = match cell.field {
        "owner" => "other's owner",
        "e-mail" => "other's e-mail",
        "name" => "other's name",
        "phone" => "other's phone",
        _ => return None,
    };
    Some(Cell { field, ..cell })
}

/// A record's fields, beside a customer's. Owners are the same whose number is the same.
fn fields(aim: &Customer, record: &Record, place: usize) -> Vec<Cell> {
    let text = |text: Option<&str>| text.unwrap_or("none").to_owned();
    let name = |given: &str, family: &str| {
        let words: Vec<&str> = given.split_whitespace().chain(family.split_whitespace()).collect();
        words.join(" ")
    };
    let owner = record.tag.as_ref().map_or(NO_OWNER, |OwnerTag { cust_no, .. }| cust_no.as_str());
    let mut cells = vec![
        Cell::of("owner", aim.cust_no.as_str(), owner),
        Cell::of("e-mail", aim.email.to_lowercase(), text(record.email.as_deref())),
        Cell::of("name", name(&aim.given_name, &aim.family_name), name(&record.given_name, &record.family_name)),
    ];
    if EndState::SYSTEMS[place] != System::Identity {
        cells.push(Cell::of("phone", text(aim.phone.as_deref()), text(record.phone.as_deref())));
    }
    if EndState::SYSTEMS[place] == System::Support {
        let others = if record.other_emails.is_empty() { "none".to_owned() } else { record.other_emails.join(", ") };
        cells.push(Cell::of("further e-mails", "none", others));
    }
    cells
}

/// What of the report on one system is not so.
fn compare(system: System, truth: &[Cell], report: &ParkedReport, lies: &mut Vec<String>) {
    let at = system.name();
    let Some(told) = report.told.iter().find(|told| told.system == at) else {
        let left_out = truth.iter().filter(|cell| cell.differs());
        lies.extend(left_out.map(|cell| {
            format!("{at} is left out; its {} should be {}, and is {}", cell.field, cell.intended, cell.actual)
        }));
        return;
    };
    if let Some(why) = &told.unreadable {
        lies.push(format!("{at} is said to be unreadable ({why}), and is not"));
        return;
    }
    for cell in truth {
        let Some([_, intended, actual]) = told.fields.iter().find(|[field, ..]| field == cell.field) else {
            if cell.differs() {
                let Cell { field, intended, actual } = cell;
                lies.push(format!("{at}: nothing is said of its {field}, which should be {intended}, and is {actual}"));
            }
            continue;
        };
        // The shop joins the tags of two records that it merges, and a neutral record shows one of them.
        if cell.field == "owner" && actual == NO_OWNER && report.kind == "merge" && system == System::Commerce {
            continue;
        }
        for (word, told, true_one) in [("should be", intended, &cell.intended), ("is", actual, &cell.actual)] {
            let own = if cell.field.ends_with("owner") { number(told) } else { told };
            if own != true_one && !(cell.field == LEFT && is_first_of(own, true_one)) {
                lies.push(format!("{at}: its {} {word} {true_one}, not {told}", cell.field));
            }
        }
        if !cell.differs() && intended != actual && lies.is_empty() {
            lies.push(format!("{at}: its {} is {actual}, which is as good as {intended}", cell.field));
        }
    }
    for [field, intended, actual] in &told.fields {
        let place = EndState::SYSTEMS.into_iter().position(|other| other == system).unwrap_or_default();
        if field == LEFT && is_left_with_closed(actual, report, place) {
            continue;
        }
        if intended != actual && !truth.iter().any(|cell| cell.field == field) {
            lies.push(format!("{at}: there is no {field} that would be {actual} and should be {intended}"));
        }
    }
}

/// The customer's number in an owner tag.
fn number(tag: &str) -> &str {
    tag.split_once('/').map_or(tag, |(number, _)| number)
}

/// Each call takes a difference away, or changes nothing; after the last one there is none.
fn carried_out(
    report: &ParkedReport,
    aims: &[Option<&Customer>],
    calls: &[(String, Standing)],
    lies: &mut Vec<String>,
) {
    let mut before = &report.stands;
    for (call, after) in calls {
        for (place, system) in EndState::SYSTEMS.into_iter().enumerate() {
            let spoilt = |cell: &Cell| cell.differs();
            if before.records[place] != after.records[place]
                && !truth(report, aims, before, place).iter().any(spoilt)
                && truth(report, aims, after, place).iter().any(spoilt)
            {
                lies.push(format!("{call} is said to remain, and spoils what stands at {}", system.name()));
            }
        }
        before = after;
    }
    for (place, system) in EndState::SYSTEMS.into_iter().enumerate() {
        for Cell { field, intended, actual } in truth(report, aims, before, place).into_iter().filter(Cell::differs) {
            let at = system.name();
            lies.push(format!("after all that remains was done, the {field} at {at} is {actual}, not {intended}"));
        }
    }
}
