//! What a person does.

use deskbell_wire::{
    BodyFlaw, ClientFrame, Mark, MarkKind, OperatorStatus, PROTO, Secret, SendBody, Seq, SignIn, StreamId,
    Uid,
};

use super::{Role, Session};
use crate::clock::Now;
use crate::link::StopReason;
use crate::notice::{EntryStatus, Notice};
use crate::store::{OutboxRow, OutboxState, Receipts, Store, StoreError};

/// Why an entry was not taken. Nothing was queued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendRefused {
    /// Nothing but white space.
    #[error("there is nothing to send")]
    Empty,
    /// Over the desk's limit.
    #[error("the text is longer than {0} characters")]
    TooLong(usize),
    /// No e-mail address, no phone number, no mark …
    #[error(transparent)]
    Flaw(BodyFlaw),
    /// The disk refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: Store> Session<S> {
    /// Takes an entry. When this has returned, it is on the disk (C1).
    ///
    /// # Errors
    /// When it is empty or too long, or the disk refuses.
    pub fn send(
        &mut self,
        stream: &StreamId,
        body: SendBody,
        uid: Uid,
        now: Now,
    ) -> Result<OutboxRow, SendRefused> {
        let state = OutboxState::Queued;
        let row = self.keep(OutboxRow { uid, stream: stream.clone(), body, created_at: now.wall, state })?;
        if row.body.is_message() {
            self.typing.clear(stream);
        }
        self.pump(now);
        Ok(row)
    }

    /// Takes an entry as it is; it is on the disk when this has returned (C1). One that is failed goes out when
    /// [`Session::resend`] is called: words that the desk would refuse as things stand are kept so.
    ///
    /// # Errors
    /// As [`Session::send`].
    pub fn keep(&mut self, row: OutboxRow) -> Result<OutboxRow, SendRefused> {
        self.check(&row.body)?;
        if let Err(error) = self.store.queue(&row) {
            // What became of it is unknown (I9). The person is told no, so it must not turn up later.
            let _ = self.store.discard(row.uid);
            return Err(error.into());
        }
        self.replica(&row.stream).outbox.push(row.clone());
        Ok(row)
    }

    pub(super) fn check(&self, body: &SendBody) -> Result<(), SendRefused> {
        body.check().map_err(|flaw| match flaw {
            BodyFlaw::Empty => SendRefused::Empty,
            BodyFlaw::TooLarge => SendRefused::TooLong(self.text_chars),
            other => SendRefused::Flaw(other),
        })?;
        let SendBody::Message { text, .. } = body else { return Ok(()) };
        // A desk may allow less than the protocol does.
        if text.chars().count() <= self.text_chars {
            Ok(())
        } else {
            Err(SendRefused::TooLong(self.text_chars))
        }
    }

    /// The person sends a failed or held entry again, under its old uid.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn resend(&mut self, uid: Uid, now: Now) -> Result<(), StoreError> {
        let Some(row) = self.waiting(uid) else { return Ok(()) };
        match row.state {
            OutboxState::Queued => return Ok(()),
            _ if row.body.file().is_some() => self.resend_file(&row, now)?,
            OutboxState::Failed(_) => {
                self.store.set_outbox_state(uid, OutboxState::Queued)?;
                self.replica(&row.stream).outbox.set_state(uid, OutboxState::Queued);
            }
            OutboxState::Held => {
                self.store.requeue(uid, now.wall)?;
                let outbox = &mut self.replica(&row.stream).outbox;
                outbox.remove(uid);
                outbox.push(OutboxRow { state: OutboxState::Queued, created_at: now.wall, ..row.clone() });
            }
        }
        self.replica(&row.stream).outbox.resume();
        self.tell(Notice::Status { stream: row.stream, uid, status: EntryStatus::Queued });
        self.pump(now);
        Ok(())
    }

    /// The person takes a failed or held entry back. What is on its way cannot be taken back.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn discard(&mut self, uid: Uid, now: Now) -> Result<(), StoreError> {
        let Some(row) = self.waiting(uid) else { return Ok(()) };
        if row.state == OutboxState::Queued {
            return Ok(());
        }
        self.take_back(row.stream, uid, now)
    }

    fn waiting(&self, uid: Uid) -> Option<OutboxRow> {
        self.replicas.values().find_map(|replica| replica.outbox.get(uid)).cloned()
    }

    /// The person has seen everything up to `seq`.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn read(&mut self, stream: &StreamId, seq: Seq) -> Result<(), StoreError> {
        let side = self.side();
        let replica = self.replica(stream);
        let seq = seq.min(replica.seq());
        let held = *replica.receipts(side);
        if seq <= held.read {
            return Ok(());
        }
        let receipts = Receipts { delivered: held.delivered.max(seq), read: seq };
        self.store.raise(stream, side, receipts)?;
        let replica = self.replica(stream);
        *replica.receipts(side) = receipts;
        replica.owes_marks = true;
        self.transmit(ClientFrame::Mark(Mark { stream: stream.clone(), kind: MarkKind::Read, seq }));
        self.tell(Notice::Receipts(stream.clone(), side, receipts));
        Ok(())
    }

    /// The person types. Forgotten where there is no line.
    pub fn typing(&mut self, stream: &StreamId, typing: bool, text: String, now: Now) {
        if !self.link.is_live() {
            return;
        }
        let text: String = text.chars().take(self.text_chars).collect();
        if let Some(left) = self.typing.type_in(stream, typing, text) {
            self.transmit(ClientFrame::Ephemeral(left));
        }
        self.pump(now);
    }

    /// The operator opens a conversation: from now on it is followed, with all that is older.
    pub fn open_stream(&mut self, stream: &StreamId, now: Now) {
        let head = self.rows.get(stream).map(|row| row.head);
        let replica = self.replica(stream);
        replica.backfill = true;
        // The list is gathered and may be behind the stream.
        replica.head = replica.head.max(head.unwrap_or(0));
        self.pump(now);
    }

    /// The operator signs in. The answer is a notice: signed in, or the line waits or stopped, with the reason. A
    /// try that got no answer is not repeated: each one counts, and repeating is the person's.
    pub fn sign_in(&mut self, login: String, password: String, now: Now) {
        self.hang_up();
        self.sign_in = Some(SignIn { proto: PROTO, device_id: self.device_id, login, password });
        self.reconnect(now);
    }

    /// A token that was made otherwise (the hosting app signs in locally).
    pub fn adopt(&mut self, new: Secret, now: Now) {
        if let Role::Operator { token } = &mut self.role {
            *token = Some(new);
            self.reconnect(now);
        }
    }

    /// The operator signs out: the token is forgotten, the line closed.
    pub fn sign_out(&mut self) {
        if let Role::Operator { token } = &mut self.role {
            *token = None;
            (self.me, self.wished_status, self.sign_in) = (None, None, None);
            self.rows.clear();
            self.stop(StopReason::NoToken);
        }
    }

    /// The operator takes chats, or does not.
    pub fn set_status(&mut self, status: OperatorStatus) {
        self.wished_status = Some(status);
        if let Some((_, held)) = &mut self.me {
            *held = status;
        }
        self.transmit(ClientFrame::Status(status));
    }
}
