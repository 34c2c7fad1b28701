//! Judges a GraphQL operation against the schema before any of it is carried out, and counts what it may cost.

use graphql_parser::Pos;
use graphql_parser::query::{Field as Asks, Selection, SelectionSet, TypeCondition};

use super::document::Operation;
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
}

/// What an operation may cost at most, in points, or what is wrong with it.
pub(super) fn judge(operation: &Operation<'_>) -> Result<u64, Wrong> {
    let mut judge = Judge { operation, fields: 0 };
    let cost = judge.set(operation.root, operation.asks, 0)?;
    Ok(cost.max(1))
}

impl Judge<'_> {
    /// What the objects under a selection cost.
    fn set(&mut self, of: Type, set: &SelectionSet<'static, String>, depth: u32) -> Result<u64, Wrong> {
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
                    self.fragment(of, condition, &fragment.selection_set, depth, spread.position)?
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
        set: &SelectionSet<'static, String>,
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

    fn field(&mut self, of: Type, asks: &Asks<'static, String>, depth: u32) -> Result<u64, Wrong> {
        self.fields += 1;
        if self.fields > MOST_FIELDS {
            return Err(Wrong::at("Query has a complexity that exceeds the maximum".to_owned(), asks.position));
        }
        if asks.name == "__typename" {
            return Ok(0);
        }
        let Some(field) = of.field(&asks.name) else {
            let message = format!("Field '{}' doesn't exist on type '{}'", asks.name, of.name());
            return Err(Wrong::field("undefinedField", message, of.name(), &asks.name, asks.position));
        };
        self.arguments(of, field, asks)?;
        let chosen = !asks.selection_set.items.is_empty();
        let Some(inner) = field.of else {
            if chosen {
                let message = format!("Selections can't be made on scalars (field '{}' has selections)", asks.name);
                return Err(Wrong::field("selectionMismatch", message, of.name(), &asks.name, asks.position));
            }
            return Ok(0);
        };
        if !chosen {
            let (name, inner) = (&asks.name, inner.name());
            let message = format!(
                "Field must have selections (field '{name}' returns {inner} but has no selections. Did you mean '{name} {{ ... }}'?)"
            );
            return Err(Wrong::field("selectionMismatch", message, of.name(), &asks.name, asks.position));
        }
        if field.takes.contains(&"first") && self.page_size(field, asks).is_none() {
            let message = "you must provide one of first or last".to_owned();
            return Err(Wrong::field("BAD_REQUEST", message, of.name(), &asks.name, asks.position));
        }
        let below = self.set(inner, &asks.selection_set, depth + 1)?;
        let own = if of == Type::Mutation { MUTATION } else { 1 };
        let times = self.page_size(field, asks).unwrap_or(1);
        Ok(below.saturating_mul(times).saturating_add(own))
    }

    /// How many items a connection may give.
    fn page_size(&self, field: &Field, asks: &Asks<'static, String>) -> Option<u64> {
        if !field.takes.contains(&"first") {
            return None;
        }
        let size = asks.arguments.iter().find(|(name, _)| matches!(name.as_str(), "first" | "last"));
        self.operation.value(&size?.1)?.as_u64()
    }

    fn arguments(&self, of: Type, field: &Field, asks: &Asks<'static, String>) -> Result<(), Wrong> {
        for (name, value) in &asks.arguments {
            if !field.takes.iter().any(|known| known.trim_end_matches('!') == name) {
                let message = format!("Field '{}' doesn't accept argument '{name}'", field.name);
                return Err(Wrong::field("argumentNotAccepted", message, of.name(), field.name, asks.position));
            }
            if self.operation.value(value).is_none() {
                return Err(Wrong::at("Variable is used but not declared".to_owned(), asks.position));
            }
        }
        for wanted in field.takes.iter().filter_map(|known| known.strip_suffix('!')) {
            let value = asks.arguments.iter().find(|(name, _)| name == wanted);
            let value = value.and_then(|(_, value)| self.operation.value(value));
            if value.is_none_or(|value| value.is_null()) {
                let message = format!("Field '{}' is missing required arguments: {wanted}", field.name);
                return Err(Wrong::field("missingRequiredArguments", message, of.name(), field.name, asks.position));
            }
        }
        Ok(())
    }
}
