//! Who speaks over HTTP, and what they reach. The same rights as over a socket, looked up for each request.

use deskbell_wire::{Audience, DeviceId, FileRefusal, Identity, Side, StreamId};

use super::{FileVoice, unread};
use crate::desk::Desk;
use crate::desk::hello::token_hash;
use crate::desk::person::PersonKey;
use crate::desk::policy::{Act, Rights, Role, Wish, allows};
use crate::store::FileOwner;

/// Somebody whose token was right.
pub(super) enum Speaker {
    Visitor(PersonKey),
    /// Row and rights.
    Operator(i64, Rights),
}

impl Desk {
    /// Whose voice it is. A visitor whom nobody knows is not taken in: that is for a `hello`.
    pub(super) fn speaker(&mut self, voice: &FileVoice) -> Result<Speaker, FileRefusal> {
        if !self.store.readable() || !self.health.is_sure() {
            return Err(FileRefusal::Storage);
        }
        match &voice.who {
            Identity::Visitor { site, visitor_id, token } => {
                let stream = StreamId::public(site.clone(), *visitor_id);
                let key = self.key_of(&stream).ok_or(FileRefusal::Forbidden)?;
                let known = self.load_for_now(key, &stream)?;
                let speaks = self.may_speak(key, voice.device, &token_hash(token)).map_err(unread)?;
                if known && speaks.is_some() {
                    Ok(Speaker::Visitor(key))
                } else {
                    Err(FileRefusal::Forbidden)
                }
            }
            Identity::Operator { token } => {
                let session = self.store.session(&token_hash(token)).map_err(unread)?;
                let (_, account) = session.ok_or(FileRefusal::Forbidden)?;
                let places = self.store.places(account.row).map_err(unread)?;
                Ok(Speaker::Operator(account.row, Rights { admin: account.admin, places }))
            }
        }
    }

    /// Brings a visitor into memory, to be let go of again where nothing else needs him. `false`: nobody knows him.
    fn load_for_now(&mut self, key: PersonKey, stream: &StreamId) -> Result<bool, FileRefusal> {
        let was_there = self.people.contains(key);
        let known = self.load(key, stream).map_err(unread)?;
        if known && !was_there {
            self.lists.left.push(key);
        }
        Ok(known)
    }

    /// What files are kept under that the speaker sends from this device.
    pub(super) fn owner_of(&mut self, speaker: &Speaker, device: DeviceId) -> Result<FileOwner, FileRefusal> {
        let (side, owner) = match speaker {
            Speaker::Visitor(key) => (Side::Visitor, self.person_row(*key)?),
            Speaker::Operator(row, _) => (Side::Operator, *row),
        };
        Ok(FileOwner { side, owner, device })
    }

    /// The visitor's row; written now where it was not yet.
    pub(super) fn person_row(&mut self, key: PersonKey) -> Result<i64, FileRefusal> {
        let row = |desk: &Self| desk.people.get(key).map_or(0, |person| person.row);
        if row(self) == 0 {
            self.flush();
        }
        Some(row(self)).filter(|row| *row != 0).ok_or(FileRefusal::Storage)
    }

    /// The visitor whose stream that is, where the speaker may do that there. What may not be reached looks like what
    /// does not exist (threats 1).
    pub(super) fn reached(
        &mut self,
        speaker: &Speaker,
        stream: &StreamId,
        wish: Wish<'_>,
    ) -> Result<PersonKey, FileRefusal> {
        let key = self.key_of(stream).ok_or(FileRefusal::Forbidden)?;
        // A visitor's own is the only one that is looked for.
        let looked_for = match speaker {
            Speaker::Visitor(own) => *own == key,
            Speaker::Operator(..) => true,
        };
        let there = looked_for && stream.audience == Audience::Public;
        if !there || !self.load_for_now(key, stream)? {
            return Err(FileRefusal::Forbidden);
        }
        let person = self.people.get(key).ok_or(FileRefusal::Forbidden)?;
        let role = match speaker {
            Speaker::Visitor(_) => Role::Visitor(&person.stream),
            Speaker::Operator(_, rights) => Role::Operator(rights),
        };
        if allows(role, Act::In(person.subject(key), wish)) { Ok(key) } else { Err(FileRefusal::Forbidden) }
    }
}
