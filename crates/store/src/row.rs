//! Values of the wire as columns and back.
//!
//! What must always hold: what goes in comes out the same; what this program cannot have written is damage.

use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use deskbell_wire::{Audience, Author, Seq};

use crate::refusal::Refusal;

/// The column's 16 bytes.
pub(crate) fn uuid_at(row: &Row<'_>, at: &str) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(at).map(Uuid::from_bytes)
}

/// The column's 16 bytes where it has a value.
pub(crate) fn maybe_uuid_at(row: &Row<'_>, at: &str) -> rusqlite::Result<Option<Uuid>> {
    Ok(row.get::<_, Option<[u8; 16]>>(at)?.map(Uuid::from_bytes))
}

/// A seq as SQLite counts. None is larger than the largest, and no desk comes near it.
pub(crate) fn seq_in(seq: Seq) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// A column's seq; the schema keeps it from being negative.
pub(crate) fn seq_at(row: &Row<'_>, at: &str) -> rusqlite::Result<Seq> {
    Ok(row.get::<_, i64>(at)?.unsigned_abs())
}

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(|_| Refusal::DAMAGED)
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|_| Refusal::DAMAGED)
}

pub(crate) fn audience_in(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "public",
        Audience::Internal => "internal",
    }
}

pub(crate) fn audience_out(text: &str) -> Result<Audience, Refusal> {
    match text {
        "public" => Ok(Audience::Public),
        "internal" => Ok(Audience::Internal),
        _ => Err(Refusal::DAMAGED),
    }
}

/// The author's side, and the operator's card as JSON.
pub(crate) fn author_in(author: &Author) -> Result<(&'static str, Option<String>), Refusal> {
    Ok(match author {
        Author::Visitor => ("visitor", None),
        Author::Operator(card) => ("operator", Some(to_json(card)?)),
        Author::System => ("system", None),
    })
}

pub(crate) fn author_out(side: &str, card: Option<&str>) -> Result<Author, Refusal> {
    match (side, card) {
        ("visitor", None) => Ok(Author::Visitor),
        ("operator", Some(card)) => Ok(Author::Operator(from_json(card)?)),
        ("system", None) => Ok(Author::System),
        _ => Err(Refusal::DAMAGED),
    }
}
