//! Judges a GraphQL operation against the schema before any of it is carried out, and counts what it may cost.

use graphql_parser::Pos;
use graphql_parser::query::{Field as Asks, Selection, SelectionSet, TypeCondition};

use serde_json::json;

use super::document::Operation;
use super::fit::{Spot, judge_literal};
use super::page::{LONGEST, place_of};
use super::schema::{Field, Type};
use super::wrong::Wrong;

/// No operation goes deeper: fragments that hold themselves end here.
const DEEPEST: u32 = 32;
/// No operation asks for more fields than this, fragments unfolded.
const MOST_FIELDS: u32 = 5_000;
/// What a mutation costs, what it asks for aside.
const MUTATION: u64 = 10;

/// A judge of one operation.
struct Judge<'a> {
    operation: &'a Operation<'a>,
    fields: u32,
    /// The fragment that is being judged, where it is not the operation itself.
    within: Option<&'a str>,
    /// The names that lead from there to what is being judged.
    path: Vec<&'a str>,
}

/// What an operation may cost at most, in points, or what is wrong with it.
pub(super) fn judge(operation: &Operation<'_>) -> Result<u64, Wrong> {
    let mut judge = Judge { operation, fields: 0, within: None, path: Vec::new() };
    match judge.set(operation.root, operation.asks, 0) {
        Ok(cost) => Ok(cost.max(1)),
        Err(wrong) => {
            let root = judge.within.map_or_else(|| operation.label(), |name| ["fragment ", name].concat());
            Err(wrong.under(root, &judge.path))
        }
    }
}

impl<'a> Judge<'a> {
    /// What the objects under a selection cost.
    fn set(&mut self, of: Type, set: &'a SelectionSet<'static, String>, depth: u32) -> Result<u64, Wrong> {
        if depth > DEEPEST {
            return Err(Wrong::at("Query has a depth that exceeds the maximum".to_owned(), set.span.0));
        }
        let mut cost: u64 = 0;
        for selection in &set.items {
            let more = match selection {
                Selection::Field(field) => self.field(of, field, depth)?,
                Selection::InlineFragment(fragment) => self.fragment(
                    of,
                    fragment.type_condition.as_ref(),
                    &fragment.selection_set,
                    depth,
                    fragment.position,
                )?,
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.operation.fragment(&spread.fragment_name) else {
                        let message = format!("Fragment {} was used, but not defined", spread.fragment_name);
                        return Err(Wrong::at(message, spread.position));
                    };
                    let condition = Some(&fragment.type_condition);
                    let outside = (self.within.replace(&fragment.name), std::mem::take(&mut self.path));
                    let cost = self.fragment(of, condition, &fragment.selection_set, depth, spread.position)?;
                    (self.within, self.path) = outside;
                    cost
                }
            };
            cost = cost.saturating_add(more);
        }
        Ok(cost)
    }

    fn fragment(
        &mut self,
        of: Type,
        condition: Option<&TypeCondition<'static, String>>,
        set: &'a SelectionSet<'static, String>,
        depth: u32,
        at: Pos,
    ) -> Result<u64, Wrong> {
        match condition {
            Some(TypeCondition::On(name)) if name != of.name() => {
                let narrowed = Type::of_node(name).filter(|_| of == Type::Node);
                let message = || format!("Fragment on {name} can't be spread inside {}", of.name());
                self.set(narrowed.ok_or_else(|| Wrong::at(message(), at))?, set, depth + 1)
            }
            _ => self.set(of, set, depth + 1),
        }
    }

    fn field(&mut self, of: Type, asks: &'a Asks<'static, String>, depth: u32) -> Result<u64, Wrong> {
        self.fields += 1;
        if self.fields > MOST_FIELDS {
            return Err(Wrong::at("Query has a complexity that exceeds the maximum".to_owned(), asks.position));
        }
        if asks.name == "__typename" {
            return Ok(0);
        }
        self.path.push(asks.alias.as_deref().unwrap_or(&asks.name));
        let cost = self.known_field(of, asks, depth)?;
        self.path.pop();
        Ok(cost)
    }

    fn known_field(&mut self, of: Type, asks: &'a Asks<'static, String>, depth: u32) -> Result<u64, Wrong> {
        let wrong = |code, message| Wrong::field(code, message, of.name(), &asks.name, asks.position);
        let Some(field) = of.field(&asks.name) else {
            let message = format!("Field '{}' doesn't exist on type '{}'", asks.name, of.name());
            return Err(wrong("undefinedField", message));
        };
        self.arguments(of, field, asks)?;
        let chosen = !asks.selection_set.items.is_empty();
        let Some(inner) = field.of else {
            if chosen {
                let message = format!("Selections can't be made on scalars (field '{}' has selections)", asks.name);
                return Err(wrong("selectionMismatch", message));
            }
            return Ok(0);
        };
        if !chosen {
            let (name, inner) = (&asks.name, inner.name());
            let message = format!(
                "Field must have selections (field '{name}' returns {inner} but has no selections. Did you mean '{name} {{ ... }}'?)"
            );
            return Err(wrong("selectionMismatch", message));
        }
        let times = self.page_size(field, asks)?.unwrap_or(1);
        let below = self.set(inner, &asks.selection_set, depth + 1)?;
        let own = if of == Type::Mutation { MUTATION } else { 1 };
        Ok(below.saturating_mul(times).saturating_add(own))
    }

    /// How many items a connection may give; it begins and ends where cursors of ours say.
    fn page_size(&self, field: &Field, asks: &Asks<'static, String>) -> Result<Option<u64>, Wrong> {
        if !field.takes.iter().any(|argument| argument.name == "first") {
            return Ok(None);
        }
        let wrong = |message| Wrong::about(message, asks.position, json!({"code": "BAD_REQUEST"}));
        for (_, said) in asks.arguments.iter().filter(|(name, _)| matches!(name.as_str(), "after" | "before")) {
            let cursor = self.operation.value(said);
            if cursor.is_some_and(|cursor| cursor.as_str().is_some_and(|cursor| place_of(cursor).is_none())) {
                return Err(wrong("Invalid cursor for current pagination sort.".to_owned()));
            }
        }
        let mut size = None;
        for (name, said) in asks.arguments.iter().filter(|(name, _)| matches!(name.as_str(), "first" | "last")) {
            let Some(asked) = self.operation.value(said).filter(|value| !value.is_null()) else { continue };
            match asked.as_u64() {
                Some(asked) if asked <= LONGEST => size = size.max(Some(asked)),
                Some(_) => return Err(wrong(format!("{name} cannot exceed {LONGEST}"))),
                None => return Err(wrong(format!("{name} cannot be negative"))),
            }
        }
        match size {
            Some(size) => Ok(Some(size)),
            None => Err(wrong("you must provide one of first or last".to_owned())),
        }
    }

    fn arguments(&mut self, of: Type, field: &Field, asks: &'a Asks<'static, String>) -> Result<(), Wrong> {
        for (name, said) in &asks.arguments {
            self.path.push(name);
            let Some(known) = field.takes.iter().find(|known| known.name == name) else {
                let message = format!("Field '{}' doesn't accept argument '{name}'", field.name);
                return Err(Wrong::field("argumentNotAccepted", message, of.name(), field.name, asks.position));
            };
            let spot = Spot { holder: "Field", name: field.name, at: asks.position };
            judge_literal(self.operation, spot, known, said, &mut self.path)?;
            self.path.pop();
        }
        for wanted in field.takes.iter().filter(|known| known.needed) {
            let said = asks.arguments.iter().find(|(name, _)| name == wanted.name);
            let value = said.and_then(|(_, said)| self.operation.value(said));
            if value.is_none_or(|value| value.is_null()) {
                let message = format!("Field '{}' is missing required arguments: {}", field.name, wanted.name);
                return Err(Wrong::field("missingRequiredArguments", message, of.name(), field.name, asks.position));
            }
        }
        Ok(())
    }
}
