//! What a visitor does outside of the window: in the tray, on a notification.
//!
//! What must always hold: an invitation is answered only while that very one waits; an old notification answers nothing.

use deskbell_wire::{MessageId, SendBody};

use super::{VisitorApp, wishes};
use crate::dto::{Problem, Summon};
use crate::problem::{problem, refused_code};
use crate::start::new_uid;

impl VisitorApp {
    /// The device woke up or its network changed: the line is looked after at once.
    ///
    /// # Errors
    /// `stopped`.
    pub fn wake(&self) -> Result<(), Problem> {
        self.ask(|session, _, now| session.wake(now))
    }

    /// The window was raised from outside: the page is asked to show the chat, now or when it is there.
    ///
    /// # Errors
    /// `stopped`.
    pub fn summon(&self, compose: bool) -> Result<(), Problem> {
        self.ask(move |_, audience, _| audience.summon(Summon { compose, ..Summon::default() }))
    }

    /// Accepts this invitation, if it still waits.
    ///
    /// # Errors
    /// `consent` where the site's terms come first: the page asks for that. `linking`, `disk_full`, `store_io`,
    /// `stopped`.
    pub fn accept(&self, invite: MessageId) -> Result<(), Problem> {
        self.reply(invite, SendBody::Accept { invite })
    }

    /// Declines this invitation, if it still waits.
    ///
    /// # Errors
    /// `linking`, `disk_full`, `store_io`, `stopped`.
    pub fn decline(&self, invite: MessageId) -> Result<(), Problem> {
        self.reply(invite, SendBody::Reject { invite })
    }

    fn reply(&self, invite: MessageId, body: SendBody) -> Result<(), Problem> {
        let stream = self.stream.clone();
        let done = self.ask(move |session, audience, now| {
            if audience.invitation().is_none_or(|waiting| waiting.id != invite) {
                return Ok(());
            }
            if audience.linking.is_on() {
                return Err("linking");
            }
            if wishes::needs_consent(&body) && audience.lacks_consent(session) {
                return Err("consent");
            }
            session.send(&stream, body, new_uid(), now).map_err(|refused| refused_code(&refused))?;
            audience.tell_present(session);
            Ok(())
        })?;
        done.map_err(|code| problem(code, self.locale))
    }
}
