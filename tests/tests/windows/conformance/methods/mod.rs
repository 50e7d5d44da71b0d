//! The methods of `consultant_chat`.

mod chat;
mod files;
mod history;
mod invite;
mod mail;
mod visitor;
