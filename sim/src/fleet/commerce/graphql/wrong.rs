//! What is wrong with a GraphQL request as a whole: then nothing of it is carried out, and the answer has `errors`.

use graphql_parser::Pos;
use graphql_parser::query::VariableDefinition;
use serde_json::{Value, json};

use super::super::super::json::{Json, key};

/// What is wrong.
#[derive(Debug)]
pub(super) struct Wrong {
    message: String,
    /// Line and column.
    at: Option<(usize, usize)>,
    /// The names that lead to it, from the operation or the fragment.
    path: Vec<String>,
    /// The code, and what is about what.
    extensions: Option<Value>,
}

impl Wrong {
    /// It says no more than this.
    pub(super) fn plain(message: &str) -> Self {
        Self { message: message.to_owned(), at: None, path: Vec::new(), extensions: None }
    }

    /// The document is none.
    pub(super) fn syntax(message: &str) -> Self {
        let message = message.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        Self::plain(&["syntax error: ", &message].concat())
    }

    /// A variable has a value that it must not have, for these problems.
    pub(super) fn variable(
        variable: &VariableDefinition<'static, String>,
        value: &Value,
        problems: Vec<Value>,
    ) -> Self {
        let VariableDefinition { name, var_type, position, .. } = variable;
        let mut message = format!("Variable ${name} of type {var_type} was provided invalid value");
        let mut lead = " for ";
        for problem in &problems {
            let (Value::Array(path), Value::String(why)) = (&problem["path"], &problem["explanation"]) else {
                continue;
            };
            if path.is_empty() {
                continue;
            }
            let step = |step: &Value| step.as_str().map_or_else(|| step.to_string(), str::to_owned);
            let path = path.iter().map(step).collect::<Vec<_>>().join(".");
            message.push_str(&[lead, &path, " (", why, ")"].concat());
            lead = ", ";
        }
        let about = json!({"code": "INVALID_VARIABLE", "value": value, "problems": problems});
        Self::about(message, *position, about)
    }

    /// Something about a field of a type, under a code.
    pub(super) fn field(code: &'static str, message: String, of: &'static str, field: &str, at: Pos) -> Self {
        Self::about(message, at, json!({"code": code, "typeName": of, "fieldName": field}))
    }

    /// Something that has a place.
    pub(super) fn at(message: String, at: Pos) -> Self {
        Self { at: Some((at.line, at.column)), ..Self::plain(&message) }
    }

    /// Something that has a place, and this said about it.
    pub(super) fn about(message: String, at: Pos, extensions: Value) -> Self {
        Self { extensions: Some(extensions), ..Self::at(message, at) }
    }

    /// The same, with the names that lead to it.
    pub(super) fn under(self, root: String, path: &[&str]) -> Self {
        Self { path: [root].into_iter().chain(path.iter().copied().map(str::to_owned)).collect(), ..self }
    }

    /// It costs more than any operation may.
    pub(super) fn too_dear(cost: u64, most: u64) -> Self {
        let message = format!("Query cost is {cost}, which exceeds the single query max cost limit ({most}).");
        let extensions = json!({"code": "MAX_COST_EXCEEDED", "typeName": "QueryRoot", "fieldName": ""});
        Self { extensions: Some(extensions), ..Self::plain(&message) }
    }

    /// Writes it as an item of `errors`.
    pub(super) fn write(&self, json: &mut Json) {
        json.open();
        json.text(key!("message"), &self.message);
        if let Some((line, column)) = self.at {
            json.open_list_under(key!("locations"));
            json.open();
            json.plain_number(key!("line"), line as u64);
            json.plain_number(key!("column"), column as u64);
            json.close();
            json.close_list();
        }
        if !self.path.is_empty() {
            json.open_list_under(key!("path"));
            self.path.iter().for_each(|step| json.text_item(step));
            json.close_list();
        }
        if let Some(extensions) = &self.extensions {
            json.value(key!("extensions"), |out| out.extend_from_slice(extensions.to_string().as_bytes()));
        }
        json.close();
    }
}
