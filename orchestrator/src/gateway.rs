//! The gateway: a client's request read into a wish or a question, and answers written for clients. The facade's
//! OpenAPI document stands beside the crate; nothing here knows sagas' insides, stores or vendors.

pub mod answer;
pub mod operators;
pub mod route;
pub mod validate;
