//! Customer sagas: what a customer is in the primary database, what each saga wants of each vendor (`create`,
//! `update`, `close`, `merge`, `reconcile`), how a saga's state is folded from its journal (`state`), what it does next
//! (`plan`, `join`, `singly`, `settle`), and what an operator's press changes of that (`press`). Nothing here sends, commits or waits:
//! that is the node's.

pub mod close;
pub mod create;
pub mod decode;
pub mod definition;
pub mod encode;
pub mod entry;
pub mod join;
pub mod merge;
pub mod plan;
pub mod press;
pub mod reconcile;
pub mod row;
pub mod settle;
pub mod singly;
pub mod state;
pub mod step;
pub mod update;
pub mod volatile;
