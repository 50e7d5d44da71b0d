//! A desk with its owner and one visitor, for tests of files.

use super::uploads::*;
use crate::common::*;
use crate::office::saved;
use deskbell_server::desk::{DeskSetup, FilePlace};
use deskbell_wire::*;

/// A desk, its owner and a visitor.
pub(super) struct Shop {
    pub(super) room: Room,
    pub(super) owner: Clerk,
    pub(super) ann: Device,
}

impl Shop {
    pub(super) fn new() -> Self {
        Self::with(unpaced())
    }

    pub(super) fn with(setup: DeskSetup) -> Self {
        let mut room = Room::with(setup);
        let owner = owner(&mut room, 50);
        let ann = room.visitor(1);
        Self { room, owner, ann }
    }

    pub(super) fn create(&mut self, n: u128) -> Result<FilePlace, FileRefusal> {
        let new = file(n, &self.ann.stream());
        self.room.create(&voice_of(1), &new)
    }

    pub(super) fn upload(&mut self, n: u128) -> Secret {
        let new = file(n, &self.ann.stream());
        self.room.upload(&voice_of(1), &new).secret
    }

    pub(super) fn carry(&mut self, n: u128) -> Result<MessageId, NackCode> {
        self.room.carry(self.ann.conn, &self.ann.stream(), n)
    }

    pub(super) fn saved(&mut self, change: impl FnOnce(&mut SiteSettings)) {
        saved(&mut self.room, self.owner.conn, change);
    }
}
