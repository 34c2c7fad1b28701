//! Whether values fit the kinds of what they are given to: variables' by their declared types, and then all that is wrong
//! is told at once; literals in a document one by one. The wording is that of the library that Shopify runs on.

use std::collections::BTreeMap;

use graphql_parser::Pos;
use graphql_parser::query::{Type as Wanted, Value as Said, VariableDefinition};
use serde_json::{Value, json};

use super::document::Operation;
use super::input::{Argument, Input, Kind, is_global_id};
use super::wrong::Wrong;

/// What is wrong with parts of a variable's value.
#[derive(Default)]
struct Problems {
    path: Vec<Value>,
    found: Vec<Value>,
}

/// What is wrong with the value of a variable, if anything is.
pub(super) fn judge_variable(variable: &VariableDefinition<'static, String>, value: &Value) -> Result<(), Wrong> {
    let VariableDefinition { name, var_type, position, .. } = variable;
    let Some(kind) = Kind::named(innermost(var_type)) else {
        let message = format!("{} isn't a defined input type (on ${name})", innermost(var_type));
        let about = json!({"code": "variableRequiresValidType", "typeName": innermost(var_type), "variableName": name});
        return Err(Wrong::about(message, *position, about));
    };
    let mut problems = Problems::default();
    problems.declared(var_type, kind, value);
    if problems.found.is_empty() { Ok(()) } else { Err(Wrong::variable(variable, value, problems.found)) }
}

fn innermost<'a>(wanted: &'a Wanted<'static, String>) -> &'a str {
    match wanted {
        Wanted::NamedType(name) => name,
        Wanted::ListType(inner) | Wanted::NonNullType(inner) => innermost(inner),
    }
}

impl Problems {
    fn add(&mut self, explanation: String) {
        self.found.push(json!({"path": self.path, "explanation": explanation}));
    }

    fn under(&mut self, step: Value, judge: impl FnOnce(&mut Self)) {
        self.path.push(step);
        judge(self);
        self.path.pop();
    }

    fn declared(&mut self, wanted: &Wanted<'static, String>, kind: Kind, value: &Value) {
        match (wanted, value) {
            (Wanted::NonNullType(_), Value::Null) => self.add("Expected value to not be null".to_owned()),
            (Wanted::NonNullType(inner), _) => self.declared(inner, kind, value),
            (_, Value::Null) => {}
            (Wanted::ListType(inner), Value::Array(items)) => {
                for (place, item) in items.iter().enumerate() {
                    self.under(place.into(), |problems| problems.declared(inner, kind, item));
                }
            }
            (Wanted::ListType(inner), _) => self.declared(inner, kind, value),
            (Wanted::NamedType(_), _) => self.value(kind, value),
        }
    }

    /// Judges a value that is not null.
    fn value(&mut self, kind: Kind, value: &Value) {
        let fits = match (kind, value) {
            (Kind::Any(_), _) | (Kind::Text, Value::String(_)) | (Kind::Flag, Value::Bool(_)) => true,
            (Kind::Int, _) => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            (Kind::Id, Value::String(text)) if is_global_id(text) => true,
            (Kind::Id, Value::String(_) | Value::Number(_)) => {
                let id = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let why = format!("Invalid global id '{id}'");
                self.found.push(json!({"path": self.path, "explanation": why, "message": why}));
                true
            }
            (Kind::Choice(choice), _) => {
                if !value.as_str().is_some_and(|name| choice.values.contains(&name)) {
                    self.add(format!("Expected {value} to be one of: {}", choice.values.join(", ")));
                }
                true
            }
            (Kind::Object(input), Value::Object(fields)) => {
                self.object(input.name, input.fields, fields);
                true
            }
            (Kind::Object(_), _) => {
                self.add(format!("Expected {value} to be a key-value object."));
                true
            }
            (Kind::List(of), Value::Array(items)) => {
                for (place, item) in items.iter().enumerate() {
                    self.under(place.into(), |problems| match item {
                        Value::Null => problems.add("Expected value to not be null".to_owned()),
                        item => problems.value(*of, item),
                    });
                }
                true
            }
            (Kind::List(of), _) => {
                self.value(*of, value);
                true
            }
            (Kind::Text | Kind::Flag | Kind::Id, _) => false,
        };
        if !fits {
            self.add(format!("Could not coerce value {value} to {}", kind.name()));
        }
    }

    fn object(&mut self, name: &str, known: &[Argument], fields: &serde_json::Map<String, Value>) {
        for (field, value) in fields {
            self.under(field.as_str().into(), |problems| match known.iter().find(|known| known.name == field) {
                None => problems.add(format!("Field is not defined on {name}")),
                Some(Argument { needed: true, .. }) if value.is_null() => {
                    problems.add("Expected value to not be null".to_owned());
                }
                Some(_) if value.is_null() => {}
                Some(known) => problems.value(known.of, value),
            });
        }
        for missing in known.iter().filter(|known| known.needed && !fields.contains_key(known.name)) {
            self.under(missing.name.into(), |problems| problems.add("Expected value to not be null".to_owned()));
        }
    }
}

/// Where a literal stands: in an argument of a field, or in a field of an input object.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    /// `Field` or `InputObject`.
    pub(super) holder: &'static str,
    /// The holder's name.
    pub(super) name: &'a str,
    pub(super) at: Pos,
}

impl Spot<'_> {
    fn incompatible(self, argument: &Argument, said: &Said<'static, String>) -> Wrong {
        let Self { holder, name, at } = self;
        let wanted = argument.of.signature(argument.needed);
        let message = format!(
            "Argument '{}' on {holder} '{name}' has an invalid value ({said}). Expected type '{wanted}'.",
            argument.name
        );
        let about = json!({"code": "argumentLiteralsIncompatible", "typeName": holder, "argumentName": argument.name});
        Wrong::about(message, at, about)
    }
}

/// What is wrong with what a document itself says for an argument. Where that is within the argument, `path` tells.
pub(super) fn judge_literal<'a>(
    operation: &Operation<'_>,
    spot: Spot<'_>,
    argument: &Argument,
    said: &'a Said<'static, String>,
    path: &mut Vec<&'a str>,
) -> Result<(), Wrong> {
    let fits = match (argument.of, said) {
        (_, Said::Variable(name)) => return judge_use(operation, spot, argument, name),
        (_, Said::Null) => !argument.needed,
        (Kind::Any(_), _) | (Kind::Text, Said::String(_)) | (Kind::Flag, Said::Boolean(_)) => true,
        (Kind::Int, Said::Int(number)) => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        (Kind::Id, Said::String(text)) if is_global_id(text) => true,
        (Kind::Id, Said::String(_) | Said::Int(_)) => {
            let id = match said {
                Said::String(text) => text.clone(),
                other => other.to_string(),
            };
            let about = json!({"code": "argumentLiteralsIncompatible", "typeName": "CoercionError"});
            return Err(Wrong::about(format!("Invalid global id '{id}'"), spot.at, about));
        }
        (Kind::Choice(choice), Said::Enum(name)) => choice.values.contains(&name.as_str()),
        (Kind::List(of), Said::List(items)) => {
            let item = Argument { name: argument.name, of: *of, needed: true };
            return items.iter().try_for_each(|said| judge_literal(operation, spot, &item, said, path));
        }
        (Kind::List(of), _) => {
            let item = Argument { name: argument.name, of: *of, needed: true };
            return judge_literal(operation, spot, &item, said, path);
        }
        (Kind::Object(input), Said::Object(fields)) => return judge_object(operation, spot.at, input, fields, path),
        _ => false,
    };
    if fits { Ok(()) } else { Err(spot.incompatible(argument, said)) }
}

fn judge_object<'a>(
    operation: &Operation<'_>,
    at: Pos,
    input: &Input,
    fields: &'a BTreeMap<String, Said<'static, String>>,
    path: &mut Vec<&'a str>,
) -> Result<(), Wrong> {
    let holder = "InputObject";
    let spot = Spot { holder, name: input.name, at };
    for (name, said) in fields {
        path.push(name);
        let Some(known) = input.fields.iter().find(|known| known.name == name) else {
            let message = format!("{holder} '{}' doesn't accept argument '{name}'", input.name);
            let about =
                json!({"code": "argumentNotAccepted", "name": input.name, "typeName": holder, "argumentName": name});
            return Err(Wrong::about(message, at, about));
        };
        judge_literal(operation, spot, known, said, path)?;
        path.pop();
    }
    let missing = input.fields.iter().find(|known| known.needed && !fields.contains_key(known.name));
    let Some(Argument { name, of, .. }) = missing else { return Ok(()) };
    let wanted = of.signature(true);
    let message = format!("Argument '{name}' on {holder} '{}' is required. Expected type {wanted}", input.name);
    let code = "missingRequiredInputObjectAttribute";
    let about = json!({"code": code, "argumentName": name, "argumentType": wanted, "inputObjectType": input.name});
    Err(Wrong::about(message, at, about))
}

/// Whether a variable may stand for an argument, by the type that it was declared with.
fn judge_use(operation: &Operation<'_>, spot: Spot<'_>, argument: &Argument, name: &str) -> Result<(), Wrong> {
    let Some(declared) = operation.declared(name) else {
        return Err(Wrong::at("Variable is used but not declared".to_owned(), spot.at));
    };
    let (plain, nullable) = match &declared.var_type {
        Wanted::NonNullType(inner) => (&**inner, false),
        nullable => (nullable, declared.default_value.is_none()),
    };
    let is_list = matches!(plain, Wanted::ListType(_));
    let same = innermost(plain) == argument.of.name() && is_list == matches!(argument.of, Kind::List(_));
    let what = match (argument.of, same) {
        (Kind::Any(_), _) => return Ok(()),
        (_, false) => "Type mismatch",
        (_, true) if nullable && argument.needed => "Nullability mismatch",
        (_, true) => return Ok(()),
    };
    let (has, wants) = (declared.var_type.to_string(), argument.of.signature(argument.needed));
    let message = format!("{what} on variable ${name} and argument {} ({has} / {wants})", argument.name);
    let about = json!({"code": "variableMismatch", "variableName": name, "typeName": has, "argumentName": argument.name, "errorMessage": what});
    Err(Wrong::about(message, spot.at, about))
}
