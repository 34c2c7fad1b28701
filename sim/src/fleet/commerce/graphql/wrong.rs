//! What is wrong with a GraphQL request as a whole: then nothing of it is carried out, and the answer has `errors`.

use graphql_parser::Pos;

use super::super::super::json::{Json, key};

/// What is wrong.
#[derive(Debug)]
pub(super) struct Wrong {
    message: String,
    /// Line and column.
    at: Option<(usize, usize)>,
    /// The code, and what is about which type and field.
    extensions: Option<(&'static str, &'static str, String)>,
}

impl Wrong {
    /// It says no more than this.
    pub(super) fn plain(message: &str) -> Self {
        Self { message: message.to_owned(), at: None, extensions: None }
    }

    /// The document is none.
    pub(super) fn syntax(message: &str) -> Self {
        let message = message.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        Self::plain(&["syntax error: ", &message].concat())
    }

    /// A variable must have a value and has none.
    pub(super) fn null_variable(name: &str, wanted: &str) -> Self {
        Self::plain(&format!("Variable ${name} of type {wanted} was provided invalid value"))
    }

    /// Something about a field of a type, under a code.
    pub(super) fn field(code: &'static str, message: String, of: &'static str, field: &str, at: Pos) -> Self {
        Self { message, at: Some((at.line, at.column)), extensions: Some((code, of, field.to_owned())) }
    }

    /// Something that has a place.
    pub(super) fn at(message: String, at: Pos) -> Self {
        Self { message, at: Some((at.line, at.column)), extensions: None }
    }

    /// It costs more than any operation may.
    pub(super) fn too_dear(cost: u64, most: u64) -> Self {
        let message = format!("Query cost is {cost}, which exceeds the single query max cost limit ({most}).");
        Self { message, at: None, extensions: Some(("MAX_COST_EXCEEDED", "QueryRoot", String::new())) }
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
        if let Some((code, of, field)) = &self.extensions {
            json.open_under(key!("extensions"));
            json.text(key!("code"), code);
            json.text(key!("typeName"), of);
            json.text(key!("fieldName"), field);
            json.close();
        }
        json.close();
    }
}
