//! Carries out a judged GraphQL operation: field by field, and tells of each no more than what was asked for.

use std::borrow::Cow;

use graphql_parser::query::{Field as Asks, Selection, SelectionSet, TypeCondition};
use serde_json::Value;

use super::super::super::json::{write_number, write_text};
use super::super::Commerce;
use super::document::Operation;
use super::finding;
use super::node::Node;
use super::schema::Type;
use crate::clock::Instant;

/// The fields of one object that are asked for, under the names that the answer gives them.
type Wanted<'a> = Vec<Selected<'a>>;

/// One field that is asked for: its name in the answer, who asks first, and who else does.
struct Selected<'a> {
    name: &'a str,
    first: &'a Asks<'static, String>,
    others: Vec<&'a Asks<'static, String>>,
}

/// An answer under way.
pub(super) struct Told<'a> {
    operation: &'a Operation<'a>,
    out: Vec<u8>,
    /// How many objects it tells of.
    objects: u64,
}

/// An answer.
pub(super) struct Answer {
    /// Its `data`.
    pub(super) data: Vec<u8>,
    /// What it cost.
    pub(super) spent: u64,
    /// What is odd about the queries that it answers.
    pub(super) warnings: Vec<Value>,
}

/// Carries an operation out.
pub(super) fn tell(shop: &mut Commerce, now: Instant, operation: &Operation<'_>) -> Answer {
    let mut warnings = Vec::new();
    let mut told = Told { operation, out: Vec::with_capacity(256), objects: 0 };
    told.out.push(b'{');
    for (place, asked) in told.wanted(operation.root, [operation.asks]).into_iter().enumerate() {
        let first = asked.first;
        told.name(place, asked.name);
        let given = operation.given(first);
        let node = match operation.root {
            _ if first.name == "__typename" => Node::fixed(operation.root.name()),
            Type::Mutation => {
                told.objects += 9;
                shop.mutate(now, &first.name, &given)
            }
            _ => {
                warnings.extend(finding::warning(&first.name, asked.name, &given));
                shop.ask(now, &first.name, &given)
            }
        };
        told.field(shop, operation.root, &node, &asked);
    }
    told.out.push(b'}');
    Answer { data: told.out, spent: told.objects, warnings }
}

impl<'a> Told<'a> {
    /// Gathers what selections ask of an object of this type; the same name asked for twice is one field.
    fn wanted(&self, of: Type, sets: impl IntoIterator<Item = &'a SelectionSet<'static, String>>) -> Wanted<'a> {
        let mut wanted = Vec::with_capacity(8);
        sets.into_iter().for_each(|set| self.gather(of, set, &mut wanted));
        wanted
    }

    fn gather(&self, of: Type, set: &'a SelectionSet<'static, String>, wanted: &mut Wanted<'a>) {
        for selection in set.items.iter().filter(|selection| self.operation.is_wanted(selection)) {
            match selection {
                Selection::Field(field) => {
                    let name = field.alias.as_deref().unwrap_or(&field.name);
                    match wanted.iter_mut().find(|known| known.name == name) {
                        Some(known) => known.others.push(field),
                        None => wanted.push(Selected { name, first: field, others: Vec::new() }),
                    }
                }
                Selection::InlineFragment(fragment) => {
                    if fragment.type_condition.as_ref().is_none_or(|condition| fits(condition, of)) {
                        self.gather(of, &fragment.selection_set, wanted);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.operation.fragment(&spread.fragment_name);
                    if let Some(fragment) = fragment.filter(|fragment| fits(&fragment.type_condition, of)) {
                        self.gather(of, &fragment.selection_set, wanted);
                    }
                }
            }
        }
    }

    fn name(&mut self, place: usize, name: &str) {
        if place > 0 {
            self.out.push(b',');
        }
        write_text(&mut self.out, name);
        self.out.push(b':');
    }

    /// Tells a field's value, of which these fields ask for parts.
    fn field(&mut self, shop: &Commerce, of: Type, node: &Node<'_>, asked: &Selected<'a>) {
        let inner = of.field(&asked.first.name).and_then(|field| field.of);
        match node {
            Node::Null => self.out.extend_from_slice(b"null"),
            Node::Text(text) => write_text(&mut self.out, text),
            Node::Flag(flag) => self.out.extend_from_slice(if *flag { b"true" } else { b"false" }),
            Node::Number(number) => write_number(&mut self.out, *number),
            Node::List(items) => {
                self.out.push(b'[');
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        self.out.push(b',');
                    }
                    self.field(shop, of, item, asked);
                }
                self.out.push(b']');
            }
            Node::Customer(_) | Node::Order(_) | Node::Preview(_) | Node::Object(_) => match inner {
                Some(inner) => self.object(shop, inner, node, asked),
                None => self.out.extend_from_slice(b"null"),
            },
        }
    }

    fn object(&mut self, shop: &Commerce, of: Type, node: &Node<'_>, asked: &Selected<'a>) {
        let of = match (of, node) {
            (Type::Node, Node::Customer(_)) => Type::Customer,
            (Type::Node, Node::Order(_)) => Type::Order,
            _ => of,
        };
        self.objects += 1;
        self.out.push(b'{');
        let sets = asked.others.iter().map(|asks| &asks.selection_set);
        for (place, asked) in self.wanted(of, [&asked.first.selection_set].into_iter().chain(sets)).iter().enumerate() {
            let first = asked.first;
            self.name(place, asked.name);
            let value = if first.name == "__typename" {
                Cow::Owned(Node::fixed(of.name()))
            } else {
                shop.resolve(node, &first.name, &self.operation.given(first))
            };
            self.field(shop, of, &value, asked);
        }
        self.out.push(b'}');
    }
}

/// Whether a fragment on this type asks something of an object of that one.
fn fits(condition: &TypeCondition<'static, String>, of: Type) -> bool {
    let TypeCondition::On(name) = condition;
    name == of.name() || name == Type::Node.name()
}
