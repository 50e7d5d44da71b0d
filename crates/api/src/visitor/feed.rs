//! What the desktop is told of a visitor's session.
//!
//! What must always hold: an event is an occasion when it reaches this device's disk, which is once; what the visitor
//! did on any device is none; whatever was read, answered or withdrawn is told to be over.

use deskbell_core::Session;
use deskbell_core::store::{OutboxRow, OutboxState, Receipts, Store};
use deskbell_store::SqliteStore;
use deskbell_wire::{
    Author, CloseReason, Event, EventBody, Invitation, MessageId, SendBody, Side, State, StreamId,
};

use crate::desktop::{Facts, Newsroom, Occasion, Over, Reporter, Side as Face, Subject, line};
use crate::dto::Locale;
use crate::files::said;

/// Events that are looked through where a restored desk has brought all of them anew.
const TAIL: u32 = 200;

/// The visitor's reporter.
pub(super) struct Feed {
    reporter: Reporter,
    stream: StreamId,
    locale: Locale,
    /// The invitation that was told, now or before the program was started.
    invite: Option<MessageId>,
    /// The one that was answered on this device.
    answered: Option<MessageId>,
}

impl Feed {
    /// A session begins. `state` is the present as it was kept.
    pub(super) fn new(newsroom: Newsroom, locale: Locale, stream: StreamId, state: &State) -> Self {
        let reporter = Reporter::new(newsroom);
        Self {
            reporter,
            stream,
            locale,
            invite: state.invite.as_ref().map(|invite| invite.id),
            answered: None,
        }
    }

    /// Events are on the disk.
    pub(super) fn applied(&mut self, session: &Session<SqliteStore>, events: &[Event]) {
        let reopened = events.iter().rposition(|event| matches!(event.body, EventBody::Opened { .. }));
        for (n, event) in events.iter().enumerate() {
            match &event.body {
                EventBody::Message { text, file } => {
                    self.message(session, event, said(text, file.as_ref(), self.locale));
                }
                EventBody::Closed { reason } if reopened.is_none_or(|at| at < n) => {
                    self.closed(session, event, *reason);
                }
                EventBody::Opened { .. } => self.over(Subject::Closed(self.stream.visitor)),
                _ => {}
            }
        }
    }

    fn message(&mut self, session: &Session<SqliteStore>, event: &Event, words: String) {
        let visitor = self.stream.visitor;
        let who = match &event.author {
            // Who answers has read.
            Author::Visitor => return self.reporter.over(Over::Read(visitor, event.seq)),
            Author::Operator(card) => Some(card.name.clone()),
            Author::System => None,
        };
        let read = session.held(&self.stream).map_or(0, |held| held.visitor.read);
        if event.seq > read {
            self.occasion(session, Subject::Words(visitor), event, (who, Some(words)));
        }
    }

    fn closed(&mut self, session: &Session<SqliteStore>, event: &Event, reason: CloseReason) {
        match reason {
            CloseReason::ClosedByVisitor | CloseReason::VisitorDisconnected => {}
            CloseReason::ClosedByOperator | CloseReason::ClosedByTimeout | CloseReason::VisitorBanned => {
                self.occasion(session, Subject::Closed(self.stream.visitor), event, (None, None));
            }
        }
    }

    fn occasion(
        &mut self,
        session: &Session<SqliteStore>,
        subject: Subject,
        event: &Event,
        (who, words): (Option<String>, Option<String>),
    ) {
        let (event, seq, ts) = (Some(event.message_id), Some(event.seq), event.ts);
        let live = ts >= session.since();
        self.reporter.occasion(Occasion { subject, event, seq, who, words, live, ts });
    }

    /// All events are others now. Those that were told are known by their ids.
    pub(super) fn replaced(&mut self, session: &Session<SqliteStore>) {
        let tail = session.store().before(&self.stream, i64::MAX.unsigned_abs(), TAIL);
        let unread = session.store().unread(&self.stream, Side::Visitor).unwrap_or(0);
        let words = |event: &Event| {
            event.author != Author::Visitor && matches!(event.body, EventBody::Message { .. })
        };
        let unread = usize::try_from(unread).unwrap_or(usize::MAX);
        let mut events: Vec<_> = tail.unwrap_or_default().into_iter().filter(words).take(unread).collect();
        events.reverse();
        self.applied(session, &events);
    }

    /// A side received or read.
    pub(super) fn receipts(&self, side: Side, receipts: Receipts) {
        if side == Side::Visitor && receipts.read > 0 {
            self.reporter.over(Over::Read(self.stream.visitor, receipts.read));
        }
    }

    /// The desk did not take it: an invitation that it would have answered waits on.
    pub(super) fn refused(&mut self, row: &OutboxRow) {
        if is_answer(&row.body) {
            self.answered = None;
        }
    }

    /// How things stand.
    pub(super) fn stands(&mut self, session: &Session<SqliteStore>, state: &State) {
        let waiting = self.waiting(session, state);
        self.invited(session, waiting);
        let facts = Facts {
            side: Face::Visitor,
            line: line(session.link()),
            online: state.availability.online,
            signed_in: true,
            unread: session.store().unread(&self.stream, Side::Visitor).unwrap_or(0),
            waiting: Vec::new(),
            invitation: waiting.map(|invite| (invite.id, inviter(invite))),
        };
        self.reporter.facts(facts);
    }

    /// The invitation that waits for an answer. One that was answered here waits no more, whatever the desk says of it
    /// until the answer has reached it.
    fn waiting<'a>(&mut self, session: &Session<SqliteStore>, state: &'a State) -> Option<&'a Invitation> {
        let invite = state.invite.as_ref()?;
        let held = session.held(&self.stream);
        if held.is_some_and(|held| held.outbox.rows().any(answers)) {
            self.answered = Some(invite.id);
        }
        Some(invite).filter(|invite| self.answered != Some(invite.id))
    }

    fn invited(&mut self, session: &Session<SqliteStore>, waiting: Option<&Invitation>) {
        let Some(invite) = waiting else {
            return self.invite.take().into_iter().for_each(|id| self.over(Subject::Invitation(id)));
        };
        let before = self.invite.replace(invite.id);
        if before == Some(invite.id) {
            return;
        }
        before.into_iter().for_each(|id| self.over(Subject::Invitation(id)));
        self.reporter.occasion(Occasion {
            subject: Subject::Invitation(invite.id),
            event: Some(invite.id),
            seq: None,
            who: inviter(invite),
            words: Some(invite.text.clone()),
            live: invite.ts >= session.since(),
            ts: invite.ts,
        });
    }

    fn over(&self, subject: Subject) {
        self.reporter.over(Over::Subject(subject));
    }
}

fn inviter(invite: &Invitation) -> Option<String> {
    invite.operator.as_ref().map(|card| card.name.clone())
}

/// Is it on its way to the desk, and an answer to the invitation?
fn answers(row: &OutboxRow) -> bool {
    let waits = row.state == OutboxState::Queued || !row.body.is_message();
    waits && is_answer(&row.body)
}

/// Who writes instead has answered as well.
const fn is_answer(body: &SendBody) -> bool {
    matches!(
        body,
        SendBody::Accept { .. } | SendBody::Reject { .. } | SendBody::Start {} | SendBody::Message { .. }
    )
}
