//! The case before the law: customers with what there was, what there is and what was asked for, divided into groups
//! that share no key, so that each can be judged alone.

use super::Evidence;
use super::children::{Children, any_merge};
use super::holdings::{self, Held, Holdings, Look, Primary};
use super::search::{self, Placed};
use super::specification::{Fields, State, heir, standing};
use crate::check::exchanges::Exchange;
use crate::check::outcome::{Turn, turns};
use crate::operation::{Kind, Plan};

/// Everything that one verdict rests on.
#[derive(Debug)]
pub(in crate::check) struct Case<'a> {
    /// The customers, in groups, in order of the groups' first customers.
    pub(in crate::check) groups: Vec<Group<'a>>,
    /// All records of ours, by customer number.
    records: Vec<Held<'a>>,
    /// The records whose tag names nobody of the plan, by their places in `records`.
    strays: Vec<usize>,
}

/// Customers that share keys, and their turns.
#[derive(Debug, Default)]
pub(in crate::check) struct Group<'a> {
    pub(in crate::check) customers: Vec<Party<'a>>,
    /// Sorted as the search wants them.
    pub(in crate::check) turns: Vec<Placed<'a>>,
    /// Whether any customers of the world may merge, so that it is judged where what belongs to them is.
    pub(in crate::check) merges: bool,
}

/// A customer in a case.
#[derive(Debug)]
pub(in crate::check) struct Party<'a> {
    pub(in crate::check) cust_no: &'a str,
    /// Before the world began.
    pub(in crate::check) initial: State<'a>,
    /// What there is at the end.
    pub(in crate::check) holdings: Holdings<'a>,
    /// What belongs to it, whoever has it now.
    pub(in crate::check) children: Children<'a>,
}

impl<'a> Group<'a> {
    /// Whose all that belongs to this customer should be, where anybody's.
    pub(in crate::check) fn heir(&self, customer: usize, states: &[State<'a>]) -> Option<&'a str> {
        let heir = heir(customer, states);
        let stands = self.merges && states.get(customer)?.is_some() && states.get(heir).and_then(standing).is_some();
        self.customers.get(heir).filter(|party| stands && party.children.can_be_judged()).map(|party| party.cust_no)
    }

    /// How much of what belongs to this customer is not where it should be.
    pub(in crate::check) fn misplaced(&self, customer: usize, states: &[State<'a>]) -> u32 {
        self.heir(customer, states).map_or(0, |heir| self.customers[customer].children.misplaced(heir))
    }
}

impl<'a> Case<'a> {
    /// The case that follows from the evidence and the last looks; of several at one customer the last readable one counts.
    pub(in crate::check) fn new(evidence: &Evidence<'a>, looks: Vec<Look<'a>>) -> Self {
        let Evidence { plan, exchanges, ending, .. } = *evidence;
        let merges = any_merge(plan);
        let records = holdings::tagged(ending);
        let (mut parties, strays) = parties(numbers(plan, exchanges), &records);
        for (place, customer) in plan.customers.iter().enumerate() {
            if let Some(at) = find(&parties, &customer.cust_no) {
                parties[at].initial = Some(Fields { points: plan.points_of(place), ..Fields::of(customer) });
            }
        }
        for party in parties.iter_mut().filter(|_| merges) {
            party.children = Children::of(party.cust_no, evidence);
        }
        for Look { cust_no, primary, .. } in looks.into_iter().filter(|look| look.primary != Primary::Untold) {
            if let Some(at) = find(&parties, cust_no) {
                parties[at].holdings.primary = primary;
            }
        }
        let turns = turns(plan, exchanges, plan.fair_weather);
        let mut groups = groups(plan, parties, turns);
        groups.iter_mut().for_each(|group| group.merges = merges);
        Self { groups, records, strays }
    }

    pub(in crate::check) fn records(&self, holdings: &Holdings<'a>) -> &[Held<'a>] {
        &self.records[holdings.records.clone()]
    }

    /// The records whose tag names nobody of whom anybody spoke.
    pub(in crate::check) fn strays(&self) -> impl Iterator<Item = &Held<'a>> {
        self.strays.iter().map(|place| &self.records[*place])
    }
}

/// All customer numbers that the plan or a read names, sorted.
fn numbers<'a>(plan: &'a Plan, exchanges: &'a [Exchange]) -> Vec<&'a str> {
    let mut numbers: Vec<&str> = plan.operations.iter().map(|operation| operation.kind.cust_no()).collect();
    numbers.extend(plan.operations.iter().filter_map(|operation| operation.kind.goner()));
    numbers.extend(plan.customers.iter().map(|customer| customer.cust_no.as_str()));
    numbers.extend(exchanges.iter().filter_map(|exchange| exchange.about.as_deref()));
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Deals the records out to the customers; both are sorted by customer number. What nobody takes comes second.
fn parties<'a>(numbers: Vec<&'a str>, records: &[Held<'a>]) -> (Vec<Party<'a>>, Vec<usize>) {
    let mut strays = Vec::new();
    let mut next = 0;
    let mut parties = Vec::with_capacity(numbers.len());
    for cust_no in numbers {
        while records.get(next).is_some_and(|held| held.cust_no < cust_no) {
            strays.push(next);
            next += 1;
        }
        let first = next;
        while records.get(next).is_some_and(|held| held.cust_no == cust_no) {
            next += 1;
        }
        let holdings = Holdings { records: first..next, primary: Primary::Untold };
        parties.push(Party { cust_no, initial: None, holdings, children: Children::default() });
    }
    strays.extend(next..records.len());
    (parties, strays)
}

fn find(parties: &[Party<'_>], cust_no: &str) -> Option<usize> {
    parties.binary_search_by_key(&cust_no, |party| party.cust_no).ok()
}

/// Divides customers and their turns into groups.
fn groups<'a>(plan: &Plan, parties: Vec<Party<'a>>, turns: Vec<Turn<'a>>) -> Vec<Group<'a>> {
    if parties.len() == 1 {
        let mut turns: Vec<_> = turns.into_iter().map(|turn| Placed { turn, customer: 0, goner: None }).collect();
        search::sort(&mut turns);
        return vec![Group { customers: parties, turns, merges: false }];
    }
    let roots = roots(plan, &parties);
    let owners: Vec<(Option<usize>, Option<usize>)> = turns
        .iter()
        .map(|turn| (find(&parties, turn.cust_no), turn.goner.and_then(|goner| find(&parties, goner))))
        .collect();
    // For each customer its group and its place there.
    let mut places: Vec<(usize, usize)> = Vec::with_capacity(parties.len());
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (customer, party) in parties.into_iter().enumerate() {
        let root = root(&roots, customer);
        let group = places.get(root).map_or(groups.len(), |(group, _)| *group);
        if group == groups.len() {
            groups.push(Group::default());
        }
        places.push((group, groups[group].customers.len()));
        groups[group].customers.push(party);
    }
    for (turn, (owner, goner)) in turns.into_iter().zip(owners) {
        let place = |party: Option<usize>| party.and_then(|party| places.get(party).copied());
        if let Some((group, customer)) = place(owner) {
            let goner = place(goner).map(|(_, goner)| goner);
            groups[group].turns.push(Placed { turn, customer, goner });
        }
    }
    for group in &mut groups {
        search::sort(&mut group.turns);
    }
    groups
}

/// Joins customers that may ever hold the same e-mail or phone, or be merged. The root is the first customer of a group.
fn roots(plan: &Plan, parties: &[Party<'_>]) -> Vec<usize> {
    let mut keys: Vec<(String, usize)> = Vec::new();
    let mut add = |cust_no: &str, email: Option<&str>, phone: Option<&str>| {
        let Some(customer) = find(parties, cust_no) else { return };
        keys.extend(email.map(|email| (email.to_lowercase(), customer)));
        keys.extend(phone.map(|phone| (phone.to_owned(), customer)));
    };
    for one in &plan.customers {
        add(&one.cust_no, Some(&one.email), one.phone.as_deref());
    }
    for operation in &plan.operations {
        match &operation.kind {
            Kind::Create(wish) => add(&wish.cust_no, Some(&wish.email), wish.phone.as_deref()),
            Kind::Update { cust_no, changes } => {
                add(cust_no, changes.email.as_deref(), changes.phone.as_ref().and_then(|new| new.as_deref()));
            }
            Kind::Close { .. } | Kind::Merge { .. } | Kind::Read { .. } => {}
        }
    }
    keys.sort_unstable();
    let mut roots: Vec<usize> = (0..parties.len()).collect();
    let mut unite = |first: usize, second: usize| {
        let (first, second) = (root(&roots, first), root(&roots, second));
        roots[first.max(second)] = first.min(second);
    };
    for pair in keys.windows(2) {
        if let [(one, first), (other, second)] = pair
            && one == other
        {
            unite(*first, *second);
        }
    }
    for operation in &plan.operations {
        let goner = operation.kind.goner().and_then(|goner| find(parties, goner));
        if let (Some(goner), Some(stays)) = (goner, find(parties, operation.kind.cust_no())) {
            unite(goner, stays);
        }
    }
    roots
}

fn root(roots: &[usize], mut customer: usize) -> usize {
    while roots[customer] != customer {
        customer = roots[customer];
    }
    customer
}
