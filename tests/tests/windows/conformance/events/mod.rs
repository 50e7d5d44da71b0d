//! The events of `consultant_chat`.

mod chat;
mod files;
mod invite;
mod line;
mod mail;
mod messages;
mod rating;
mod retention;
