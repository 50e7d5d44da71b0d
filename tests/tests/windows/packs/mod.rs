//! Companies' own forms in a real window: what they need runs, what is wrong with one is said, and no form harms more
//! than itself.

mod bad;
mod folder;
pub(crate) mod ground;
mod hostile;
mod inspector;
pub(crate) mod links;
mod site;
mod stuck;
mod tricks;
