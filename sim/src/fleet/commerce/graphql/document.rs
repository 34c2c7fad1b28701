//! Reading a GraphQL request: the document by a library's parser, the operation that is meant, and its variables'
//! values. Whether the document fits the schema is judged elsewhere.

use graphql_parser::query::{
    Definition, Document, FragmentDefinition, OperationDefinition, Selection, SelectionSet, Type as Wanted,
    Value as Said, VariableDefinition,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::schema::Type;
use super::wrong::Wrong;

/// The parser speaks of texts in the request's own bytes.
pub(super) type Text<'a> = &'a str;

/// What a request's body says.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    query: String,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
    #[serde(default, rename = "operationName")]
    operation_name: Option<String>,
}

impl Asked {
    /// Reads a body of JSON; nothing where it is none or has no `query`.
    pub(super) fn of(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    /// Parses the document.
    pub(super) fn parse(&self) -> Result<Document<'_, Text<'_>>, Wrong> {
        graphql_parser::parse_query(&self.query).map_err(|error| Wrong::syntax(&error.to_string()))
    }
}

/// An operation, ready to be judged and carried out.
pub(super) struct Operation<'a> {
    /// `Query` or `Mutation`.
    pub(super) root: Type,
    /// What is asked.
    pub(super) asks: &'a SelectionSet<'a, Text<'a>>,
    fragments: Vec<&'a FragmentDefinition<'a, Text<'a>>>,
    variables: Map<String, Value>,
}

impl<'a> Operation<'a> {
    /// The operation that a request means, with the values of its variables.
    pub(super) fn of(asked: &'a Asked, document: &'a Document<'a, Text<'a>>) -> Result<Self, Wrong> {
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
        let given = asked.variables.clone().unwrap_or_default();
        let variables = values_of(parts.variables, given)?;
        Ok(Self { root: parts.root, asks: parts.asks, fragments, variables })
    }

    /// The fragment of this name.
    pub(super) fn fragment(&self, name: &str) -> Option<&'a FragmentDefinition<'a, Text<'a>>> {
        self.fragments.iter().copied().find(|fragment| fragment.name == name)
    }

    /// The value that an argument says, its variables put in; nothing where a variable was declared nowhere. A variable
    /// without a value says null.
    pub(super) fn value(&self, said: &Said<'a, Text<'a>>) -> Option<Value> {
        Some(match said {
            Said::Variable(name) => self.variables.get(*name)?.clone(),
            Said::Int(number) => Value::from(number.as_i64()?),
            // Nothing here takes a broken number.
            Said::Float(_) | Said::Null => Value::Null,
            Said::String(text) => Value::from(text.as_str()),
            Said::Boolean(flag) => Value::from(*flag),
            Said::Enum(name) => Value::from(*name),
            Said::List(items) => Value::Array(items.iter().map(|item| self.value(item)).collect::<Option<_>>()?),
            Said::Object(fields) => {
                let field = |(name, value): (&&str, _)| Some(((*name).to_owned(), self.value(value)?));
                Value::Object(fields.iter().map(field).collect::<Option<_>>()?)
            }
        })
    }

    /// Whether `@skip` and `@include` let a selection be.
    pub(super) fn is_wanted(&self, selection: &Selection<'a, Text<'a>>) -> bool {
        let directives = match selection {
            Selection::Field(field) => &field.directives,
            Selection::FragmentSpread(spread) => &spread.directives,
            Selection::InlineFragment(fragment) => &fragment.directives,
        };
        directives.iter().all(|directive| {
            let condition = directive.arguments.iter().find(|(name, _)| *name == "if");
            let holds = condition.and_then(|(_, value)| self.value(value)).and_then(|value| value.as_bool());
            match (directive.name, holds) {
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
    variables: &'a [VariableDefinition<'a, Text<'a>>],
    asks: &'a SelectionSet<'a, Text<'a>>,
}

fn parts_of<'a>(operation: &'a OperationDefinition<'a, Text<'a>>) -> Result<Parts<'a>, Wrong> {
    Ok(match operation {
        OperationDefinition::SelectionSet(asks) => Parts { root: Type::Query, name: None, variables: &[], asks },
        OperationDefinition::Query(query) => Parts {
            root: Type::Query,
            name: query.name,
            variables: &query.variable_definitions,
            asks: &query.selection_set,
        },
        OperationDefinition::Mutation(mutation) => Parts {
            root: Type::Mutation,
            name: mutation.name,
            variables: &mutation.variable_definitions,
            asks: &mutation.selection_set,
        },
        OperationDefinition::Subscription(_) => return Err(Wrong::plain("Schema is not configured for subscriptions")),
    })
}

/// The values of the declared variables: given, else by default, else null where that may be.
fn values_of<'a>(
    declared: &[VariableDefinition<'a, Text<'a>>],
    mut given: Map<String, Value>,
) -> Result<Map<String, Value>, Wrong> {
    let mut values = Map::new();
    for variable in declared {
        let value = match (given.remove(variable.name), &variable.default_value) {
            (Some(value), _) => value,
            (None, Some(default)) => constant(default),
            (None, None) => Value::Null,
        };
        if value.is_null() && matches!(variable.var_type, Wanted::NonNullType(_)) {
            return Err(Wrong::null_variable(variable.name, &variable.var_type.to_string()));
        }
        values.insert(variable.name.to_owned(), value);
    }
    Ok(values)
}

/// A value that holds no variables.
fn constant<'a>(said: &Said<'a, Text<'a>>) -> Value {
    match said {
        Said::Variable(_) | Said::Float(_) | Said::Null => Value::Null,
        Said::Int(number) => number.as_i64().map_or(Value::Null, Value::from),
        Said::String(text) => Value::from(text.as_str()),
        Said::Boolean(flag) => Value::from(*flag),
        Said::Enum(name) => Value::from(*name),
        Said::List(items) => Value::Array(items.iter().map(constant).collect()),
        Said::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| ((*name).to_owned(), constant(value))).collect())
        }
    }
}
