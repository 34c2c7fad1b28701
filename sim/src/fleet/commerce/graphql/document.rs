//! Reading a GraphQL request: the document by a library's parser, the operation that is meant, and its variables'
//! values. Whether the document fits the schema is judged elsewhere.

use std::borrow::Cow;
use std::sync::Arc;

use graphql_parser::query::{
    Definition, Document, Field as Asks, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
    Value as Said, VariableDefinition,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fit::judge_variable;
use super::node::Given;
use super::schema::Type;
use super::wrong::Wrong;

/// A parsed document. It owns its texts, so that it can be kept.
pub(in super::super) type Parsed = Document<'static, String>;

/// So many documents are kept.
const KEPT: usize = 32;

/// Documents that were parsed before. Most callers send few, and vary their variables only; what is kept here decides
/// nothing but how long an answer takes.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Documents(Arc<Vec<(String, Arc<Parsed>)>>);

impl Documents {
    /// The document of this text.
    pub(super) fn get(&self, text: &str) -> Result<Arc<Parsed>, Wrong> {
        match self.0.iter().find(|(known, _)| known == text) {
            Some((_, parsed)) => Ok(Arc::clone(parsed)),
            None => parse(text).map(Arc::new),
        }
    }

    /// The same, and keeps it.
    pub(super) fn keep(&mut self, text: &str) -> Result<Arc<Parsed>, Wrong> {
        let parsed = self.get(text)?;
        if !self.0.iter().any(|(known, _)| known == text) {
            let kept = Arc::make_mut(&mut self.0);
            if kept.len() == KEPT {
                kept.remove(0);
            }
            kept.push((text.to_owned(), Arc::clone(&parsed)));
        }
        Ok(parsed)
    }
}

fn parse(text: &str) -> Result<Parsed, Wrong> {
    let parsed = graphql_parser::parse_query::<String>(text).map_err(|error| Wrong::syntax(&error.to_string()))?;
    Ok(parsed.into_static())
}

/// What a request's body says.
#[derive(Debug, Deserialize)]
pub(super) struct Asked<'a> {
    /// The document's text.
    #[serde(borrow)]
    pub(super) query: Cow<'a, str>,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
    #[serde(default, rename = "operationName")]
    operation_name: Option<String>,
}

impl<'a> Asked<'a> {
    /// Reads a body of JSON; nothing where it is none or has no `query`.
    pub(super) fn of(body: &'a [u8]) -> Option<Self> {
        serde_json::from_str(std::str::from_utf8(body).ok()?).ok()
    }
}

/// An operation, ready to be judged and carried out.
pub(super) struct Operation<'a> {
    /// `Query` or `Mutation`.
    pub(super) root: Type,
    /// What is asked.
    pub(super) asks: &'a SelectionSet<'static, String>,
    fragments: Vec<&'a FragmentDefinition<'static, String>>,
    declared: &'a [VariableDefinition<'static, String>],
    variables: Vec<(&'a str, Value)>,
    name: Option<&'a str>,
}

impl<'a> Operation<'a> {
    /// The operation that a request means, with the values of its variables.
    pub(super) fn of(asked: Asked<'_>, document: &'a Parsed) -> Result<Self, Wrong> {
        let mut chosen = None;
        let mut fragments = Vec::new();
        let mut count = 0;
        for definition in &document.definitions {
            match definition {
                Definition::Fragment(fragment) => fragments.push(fragment),
                Definition::Operation(operation) => {
                    count += 1;
                    let parts = parts_of(operation)?;
                    if asked.operation_name.as_deref().is_none_or(|name| name.is_empty() || parts.name == Some(name)) {
                        chosen = Some(parts);
                    }
                }
            }
        }
        let named = asked.operation_name.as_deref().is_some_and(|name| !name.is_empty());
        let parts = match chosen {
            Some(parts) if named || count == 1 => parts,
            _ if named => return Err(Wrong::plain("No operation with the given name is in the document")),
            _ => return Err(Wrong::plain("An operation name is required")),
        };
        let given = asked.variables.unwrap_or_default();
        let variables = values_of(parts.variables, given)?;
        Ok(Self {
            root: parts.root,
            asks: parts.asks,
            fragments,
            declared: parts.variables,
            variables,
            name: parts.name,
        })
    }

    /// What it is, and its name.
    pub(super) fn label(&self) -> String {
        let kind = if self.root == Type::Mutation { "mutation" } else { "query" };
        self.name.map_or_else(|| kind.to_owned(), |name| [kind, " ", name].concat())
    }

    /// The declaration of the variable of this name.
    pub(super) fn declared(&self, name: &str) -> Option<&'a VariableDefinition<'static, String>> {
        self.declared.iter().find(|variable| variable.name == name)
    }

    /// The fragment of this name.
    pub(super) fn fragment(&self, name: &str) -> Option<&'a FragmentDefinition<'static, String>> {
        self.fragments.iter().copied().find(|fragment| fragment.name == name)
    }

    /// The value that an argument says, its variables put in; nothing where a variable was declared nowhere. A variable
    /// without a value says null.
    pub(super) fn value(&self, said: &Said<'static, String>) -> Option<Cow<'_, Value>> {
        Some(Cow::Owned(match said {
            Said::Variable(name) => {
                return self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| Cow::Borrowed(value));
            }
            Said::Int(number) => Value::from(number.as_i64()?),
            // Nothing here takes a broken number.
            Said::Float(_) | Said::Null => Value::Null,
            Said::String(text) => Value::from(text.as_str()),
            Said::Boolean(flag) => Value::from(*flag),
            Said::Enum(name) => Value::from(name.as_str()),
            Said::List(items) => Value::Array(items.iter().map(|item| self.owned(item)).collect::<Option<_>>()?),
            Said::Object(fields) => {
                let field = |(name, value): (&String, _)| Some((name.clone(), self.owned(value)?));
                Value::Object(fields.iter().map(field).collect::<Option<_>>()?)
            }
        }))
    }

    fn owned(&self, said: &Said<'static, String>) -> Option<Value> {
        self.value(said).map(Cow::into_owned)
    }

    /// What a field is given.
    pub(super) fn given<'o>(&'o self, field: &'o Asks<'static, String>) -> Given<'o> {
        let argument = |(name, value): &'o (String, _)| Some((name.as_str(), self.value(value)?));
        Given(field.arguments.iter().filter_map(argument).collect())
    }

    /// Whether `@skip` and `@include` let a selection be.
    pub(super) fn is_wanted(&self, selection: &Selection<'static, String>) -> bool {
        let directives = match selection {
            Selection::Field(field) => &field.directives,
            Selection::FragmentSpread(spread) => &spread.directives,
            Selection::InlineFragment(fragment) => &fragment.directives,
        };
        directives.iter().all(|directive| {
            let condition = directive.arguments.iter().find(|(name, _)| name == "if");
            let holds = condition.and_then(|(_, value)| self.value(value)).and_then(|value| value.as_bool());
            match (directive.name.as_str(), holds) {
                ("skip", Some(holds)) => !holds,
                ("include", Some(holds)) => holds,
                _ => true,
            }
        })
    }
}

struct Parts<'a> {
    root: Type,
    name: Option<&'a str>,
    variables: &'a [VariableDefinition<'static, String>],
    asks: &'a SelectionSet<'static, String>,
}

fn parts_of<'a>(operation: &'a OperationDefinition<'static, String>) -> Result<Parts<'a>, Wrong> {
    Ok(match operation {
        OperationDefinition::SelectionSet(asks) => Parts { root: Type::Query, name: None, variables: &[], asks },
        OperationDefinition::Query(query) => Parts {
            root: Type::Query,
            name: query.name.as_deref(),
            variables: &query.variable_definitions,
            asks: &query.selection_set,
        },
        OperationDefinition::Mutation(mutation) => Parts {
            root: Type::Mutation,
            name: mutation.name.as_deref(),
            variables: &mutation.variable_definitions,
            asks: &mutation.selection_set,
        },
        OperationDefinition::Subscription(_) => return Err(Wrong::plain("Schema is not configured for subscriptions")),
    })
}

/// The values of the declared variables: given, else by default, else null where that may be.
fn values_of<'a>(
    declared: &'a [VariableDefinition<'static, String>],
    mut given: Map<String, Value>,
) -> Result<Vec<(&'a str, Value)>, Wrong> {
    let mut values: Vec<(&str, Value)> = Vec::with_capacity(declared.len());
    for variable in declared {
        let value = match (given.remove(&variable.name), &variable.default_value) {
            (Some(value), _) => value,
            (None, Some(default)) => constant(default),
            (None, None) => Value::Null,
        };
        judge_variable(variable, &value)?;
        values.push((&variable.name, value));
    }
    Ok(values)
}

/// A value that holds no variables.
fn constant(said: &Said<'static, String>) -> Value {
    match said {
        Said::Variable(_) | Said::Float(_) | Said::Null => Value::Null,
        Said::Int(number) => number.as_i64().map_or(Value::Null, Value::from),
        Said::String(text) => Value::from(text.as_str()),
        Said::Boolean(flag) => Value::from(*flag),
        Said::Enum(name) => Value::from(name.as_str()),
        Said::List(items) => Value::Array(items.iter().map(constant).collect()),
        Said::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), constant(value))).collect())
        }
    }
}
