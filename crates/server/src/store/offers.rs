//! Invitations and lead forms that wait for their answer.

use deskbell_db::DbError;
use deskbell_wire::{EventBody, MessageId, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Row, params};
use uuid::Uuid;

use super::{Store, number, stored};
use crate::desk::{Offer, Offered};

const INVITE: i64 = 1;
const LEAD: i64 = 2;

impl Store {
    /// What waits for the visitor's answer.
    pub(crate) fn offer(&self, stream: i64) -> Result<Option<Offer>, DbError> {
        self.one(
            "SELECT o.seq, o.message_id, o.ts, o.expires, o.event, m.operator FROM offers o
             JOIN messages m ON m.stream = o.stream AND m.seq = o.seq WHERE o.stream = ?1",
            [stream],
            offer,
        )
    }

    pub(crate) fn set_offer(&self, stream: i64, offer: &Offer) -> Result<(), DbError> {
        let (kind, event) = match &offer.what {
            Offered::Invite { text, operator, .. } => {
                let (text, operator, expires) = (text.clone(), operator.clone(), offer.expires);
                (INVITE, EventBody::Invited { text, operator, expires })
            }
            Offered::Lead { form } => (LEAD, EventBody::LeadShown { form: *form }),
        };
        let event =
            serde_json::to_string(&event).map_err(|_| DbError::Io("an event that is no JSON".to_owned()))?;
        let (id, expires) = (offer.message_id.0.as_bytes(), offer.expires.map_or(0, |at| at.0));
        self.change(
            "INSERT OR REPLACE INTO offers (stream, kind, seq, message_id, ts, expires, event)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![stream, kind, stored(offer.seq), id, offer.ts.0, expires, event],
        )
        .map(drop)
    }

    pub(crate) fn drop_offer(&self, stream: i64) -> Result<(), DbError> {
        self.change("DELETE FROM offers WHERE stream = ?1", [stream]).map(drop)
    }
}

fn offer(row: &Row<'_>) -> rusqlite::Result<Offer> {
    let (expires, event): (i64, String) = (row.get(3)?, row.get(4)?);
    let body = serde_json::from_str(&event)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, Box::new(error)))?;
    let what = match body {
        EventBody::Invited { text, operator, .. } => Offered::Invite { text, operator, row: row.get(5)? },
        EventBody::LeadShown { form } => Offered::Lead { form },
        _ => return Err(rusqlite::Error::InvalidQuery),
    };
    Ok(Offer {
        seq: number(row.get(0)?),
        message_id: MessageId(Uuid::from_bytes(row.get(1)?)),
        ts: Timestamp(row.get(2)?),
        expires: (expires > 0).then_some(Timestamp(expires)),
        what,
    })
}
