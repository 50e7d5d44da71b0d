//! Packs: the company's own form instead of the built-in one.
//!
//! Two ways lead here. The site's pack comes from the desk: [`VisitorApp::pack`](crate::visitor::VisitorApp::pack)
//! gives it, from the shelf or as soon as it came. A company's folder (`--pack DIR`) is read by the shell with
//! `deskbell_pack::Pack::read`. From there on both are the same: [`boot_of`] is what the page starts with,
//! [`report`] makes a sentence of what the page found wrong with it, [`flaw_problem`] of what is wrong with it anyway
//! (also of what the shell finds: a form that hangs or whose process ended).
//!
//! What must always hold: nothing of a pack is used before its digest fits what this site's form names.

mod fetch;
pub(crate) mod keeper;
mod page;
pub(crate) mod shelf;
pub(crate) mod standing;
#[cfg(test)]
mod tests;
mod words;

pub use page::{boot_of, report};
pub use words::flaw_problem;
