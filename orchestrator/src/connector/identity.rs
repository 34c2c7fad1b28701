//! The identity dialect.

use super::{Ask, Connector, Credentials, Found, Operation, Profile, Reading};
use crate::message::{Headers, Method, Request, Response};

/// Speaks to identity.
#[derive(Debug)]
pub(super) struct Identity;

impl Identity {
    /// A connector with these credentials.
    #[must_use]
    pub(super) fn new(_credentials: &Credentials) -> Self {
        Self
    }
}

impl Connector for Identity {
    fn render(&self, _ask: &Ask<'_>) -> Request {
        Request { method: Method::Get, target: String::new(), headers: Headers::default(), body: Vec::new() }
    }
    fn read(&self, _operation: &Operation, _response: &Response) -> Reading {
        Reading::Unknown("not read yet")
    }
    fn mend(&self, _want: &Profile, _have: &Found) -> Option<Operation> {
        None
    }
    fn remove(&self, _have: &Found) -> Option<Operation> {
        None
    }
    fn blank(&self, _have: &Found) -> Option<Operation> {
        None
    }
}
