//! Questions to the desk that want an answer now, and the linking of a device.
//!
//! What must always hold: every question is answered once: by the desk, or by the end of the line.

use std::collections::BTreeSet;

use deskbell_wire::{Ask, ClientFrame, Linked, PROTO, Redeem, Refusal, Secret, Secretive, SiteKey, Told};

use super::{Role, Session};
use crate::clock::Now;
use crate::notice::Notice;
use crate::store::Store;

/// Names a question of this session.
pub type AskId = u64;

/// The questions under way.
#[derive(Debug, Default)]
pub(super) struct Asked {
    last: AskId,
    open: BTreeSet<AskId>,
}

impl<S: Store> Session<S> {
    /// Asks the desk. The answer is [`Notice::Told`] with the same number; without a line it comes at once.
    pub fn ask(&mut self, ask: Ask) -> AskId {
        self.asked.last += 1;
        let n = self.asked.last;
        if self.link.is_live() {
            self.asked.open.insert(n);
            self.transmit(ClientFrame::Ask { n, ask });
        } else {
            self.tell(Notice::Told(n, refused(Refusal::Offline)));
        }
        n
    }

    /// Links this device to the visitor who made the code: the line is opened anew with it. The answer is
    /// [`Notice::Linked`], or the line stops with the reason. A try that got no answer is not repeated.
    pub fn redeem(&mut self, site: SiteKey, code: String, token: Secret, now: Now) {
        self.hang_up();
        let code = Secretive(code);
        self.redeem = Some(Redeem { proto: PROTO, device_id: self.device_id, site, code, token });
        self.redial(now);
    }

    /// The desk linked this device. The session that speaks for that visitor is another one: this line goes down.
    pub(super) fn linked(&mut self, linked: Linked) {
        let Some(redeem) = self.redeem.take() else { return };
        if matches!(self.role, Role::Visitor { .. }) {
            self.tell(Notice::Linked(linked.visitor_id, redeem.token));
        }
    }

    pub(super) fn told_of(&mut self, n: AskId, told: Told) {
        if self.asked.open.remove(&n) {
            self.tell(Notice::Told(n, told));
        }
    }

    /// The line went down: whoever asked is told.
    pub(super) fn give_up_asks(&mut self) {
        for n in std::mem::take(&mut self.asked.open) {
            self.tell(Notice::Told(n, refused(Refusal::Offline)));
        }
    }
}

fn refused(code: Refusal) -> Told {
    Told::Refused { code, detail: None }
}
