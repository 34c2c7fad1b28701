//! The case before the law: customers with what there was, what there is and what was asked for, divided into groups
//! that share no key, so that each can be judged alone.

use super::holdings::{self, Held, Holdings, Primary};
use super::search::{self, Placed};
use super::specification::{Fields, State};
use crate::check::EndState;
use crate::check::exchanges::Exchange;
use crate::check::outcome::{Turn, turns};
use crate::operation::{Kind, Plan};

/// Everything that one verdict rests on.
#[derive(Debug)]
pub(in crate::check) struct Case<'a> {
    /// All customer numbers that the plan or a read names, sorted.
    numbers: Vec<&'a str>,
    initial: Vec<State<'a>>,
    holdings: Vec<Holdings<'a>>,
    records: Vec<Held<'a>>,
    /// The records whose tag names nobody of the plan, by their places in `records`.
    pub(in crate::check) strays: Vec<usize>,
    turns: Vec<Turn<'a>>,
}

/// Customers that share keys, and their turns.
#[derive(Debug)]
pub(in crate::check) struct Group<'a> {
    pub(in crate::check) customers: Vec<Party<'a>>,
    /// Sorted as the search wants them.
    pub(in crate::check) turns: Vec<Placed<'a>>,
}

/// A customer in a case.
#[derive(Debug, Clone)]
pub(in crate::check) struct Party<'a> {
    pub(in crate::check) cust_no: &'a str,
    /// Before the world began.
    pub(in crate::check) initial: State<'a>,
    /// What there is at the end.
    pub(in crate::check) holdings: Holdings<'a>,
}

impl<'a> Case<'a> {
    pub(in crate::check) fn new(plan: &'a Plan, exchanges: &'a [Exchange], ending: &'a EndState) -> Self {
        let turns = turns(plan, exchanges, plan.fair_weather);
        let primaries = holdings::primaries(plan, exchanges);
        let mut numbers: Vec<&str> = plan.operations.iter().map(|operation| operation.kind.cust_no()).collect();
        numbers.extend(plan.customers.iter().map(|customer| customer.cust_no.as_str()));
        numbers.extend(exchanges.iter().filter_map(|exchange| exchange.about.as_deref()));
        numbers.sort_unstable();
        numbers.dedup();
        let mut initial = vec![None; numbers.len()];
        for customer in &plan.customers {
            if let Ok(at) = numbers.binary_search(&customer.cust_no.as_str()) {
                initial[at] = Some(Fields::of(customer));
            }
        }
        let records = holdings::tagged(ending);
        let (mut holdings, strays) = shares(&numbers, &records);
        for (cust_no, primary) in primaries {
            if let Ok(at) = numbers.binary_search(&cust_no) {
                holdings[at].primary = primary;
            }
        }
        Self { numbers, initial, holdings, records, strays, turns }
    }

    pub(in crate::check) fn records(&self, holdings: &Holdings<'a>) -> &[Held<'a>] {
        &self.records[holdings.records.clone()]
    }

    pub(in crate::check) fn record(&self, place: usize) -> &Held<'a> {
        &self.records[place]
    }

    /// The groups, in order of their first customers.
    pub(in crate::check) fn groups(&self, plan: &'a Plan) -> Vec<Group<'a>> {
        let mut roots: Vec<usize> = (0..self.numbers.len()).collect();
        if roots.len() > 1 {
            self.unite(plan, &mut roots);
        }
        let mut groups: Vec<Group<'a>> = Vec::new();
        // For each customer its group and its place there.
        let mut places = Vec::with_capacity(roots.len());
        for customer in 0..roots.len() {
            let root = root(&roots, customer);
            let group = if root == customer { groups.len() } else { places[root] };
            if root == customer {
                groups.push(Group { customers: Vec::with_capacity(1), turns: Vec::new() });
            }
            places.push(group);
            groups[group].customers.push(Party {
                cust_no: self.numbers[customer],
                initial: self.initial[customer],
                holdings: self.holdings[customer].clone(),
            });
        }
        for turn in &self.turns {
            let Ok(customer) = self.numbers.binary_search(&turn.cust_no) else { continue };
            let group = &mut groups[places[customer]];
            let at = group.customers.iter().position(|party| party.cust_no == turn.cust_no);
            group.turns.extend(at.map(|customer| Placed { turn: turn.clone(), customer }));
        }
        for group in &mut groups {
            search::sort(&mut group.turns);
        }
        groups
    }

    /// Joins customers that may ever hold the same e-mail or phone. A root is the first of its group.
    fn unite(&self, plan: &'a Plan, roots: &mut [usize]) {
        let mut keys: Vec<(String, usize)> = Vec::new();
        let mut add = |cust_no: &str, email: Option<&str>, phone: Option<&str>| {
            let Ok(customer) = self.numbers.binary_search(&cust_no) else { return };
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
                Kind::Close { .. } | Kind::Read { .. } => {}
            }
        }
        keys.sort_unstable();
        for pair in keys.windows(2) {
            if let [(one, first), (other, second)] = pair
                && one == other
            {
                let (first, second) = (root(roots, *first), root(roots, *second));
                roots[first.max(second)] = first.min(second);
            }
        }
    }
}

fn root(roots: &[usize], mut customer: usize) -> usize {
    while roots[customer] != customer {
        customer = roots[customer];
    }
    customer
}

/// Deals the records out to the customers; both are sorted by customer number.
fn shares<'a>(numbers: &[&'a str], records: &[Held<'a>]) -> (Vec<Holdings<'a>>, Vec<usize>) {
    let mut strays = Vec::new();
    let mut next = 0;
    let mut holdings = Vec::with_capacity(numbers.len());
    for number in numbers {
        while records.get(next).is_some_and(|held| held.cust_no < *number) {
            strays.push(next);
            next += 1;
        }
        let first = next;
        while records.get(next).is_some_and(|held| held.cust_no == *number) {
            next += 1;
        }
        holdings.push(Holdings { records: first..next, primary: Primary::Untold });
    }
    strays.extend(next..records.len());
    (holdings, strays)
}
