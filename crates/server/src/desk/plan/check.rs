//! Is an entry one that can be taken at all, and is it the one that was here before?

use deskbell_wire::{BodyFlaw, Entry, NackCode, SendBody};
use sha2::{Digest as _, Sha256};

/// Is the entry one that can be taken at all?
///
/// # Errors
/// [`NackCode::TooLarge`] and [`NackCode::Invalid`], both final.
pub(crate) fn check(entry: &Entry) -> Result<(), NackCode> {
    if entry.body.file().is_some_and(|file| file.0 != entry.uid.0) {
        return Err(NackCode::Invalid);
    }
    entry.body.check().map_err(|flaw| match flaw {
        BodyFlaw::TooLarge => NackCode::TooLarge,
        BodyFlaw::Empty | BodyFlaw::Email | BodyFlaw::Phone | BodyFlaw::Mark | BodyFlaw::Invalid => {
            NackCode::Invalid
        }
    })
}

/// S2: tells one body from another under the same uid. The stream belongs to what is meant.
pub(crate) fn hash(stream: i64, body: &SendBody) -> [u8; 16] {
    let mut digest = Sha256::new();
    digest.update(stream.to_be_bytes());
    digest.update(body.kind());
    match body {
        SendBody::Message { text, group, file: None } => {
            digest.update([0]);
            digest.update(text);
            if let Some(group) = group {
                digest.update([0]);
                digest.update(group.0.to_be_bytes());
            }
        }
        SendBody::Start {} | SendBody::Close {} => {}
        // Maps are ordered and floats are none: the same body is the same JSON.
        other => digest.update(serde_json::to_vec(other).unwrap_or_default()),
    }
    let mut short = [0; 16];
    short.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
    short
}
