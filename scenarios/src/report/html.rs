//! Reports as pages: one file each, complete in itself: no network, no script. A page a kind of report; what they share
//! stands in `page` (the frame), `case` (a counterexample), `sequence` (its diagram), `plot` and `matrix`.

mod audit;
mod canary;
mod case;
mod explored;
mod gallery;
mod matrix;
mod page;
mod plot;
mod run;
mod sequence;
mod split;

pub use audit::write as audit;
pub use canary::write as canary;
pub use explored::write as explored;
pub use gallery::{Told, write as gallery};
pub use run::write as run;
pub use split::write as split;
