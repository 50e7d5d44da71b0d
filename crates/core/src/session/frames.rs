//! What the desk says, and what it does to the session.

use deskbell_wire::{
    Ack, Bye, ClientFrame, DeskFrame, List, ListName, Marks, Nack, NackCode, OperatorCard, OperatorStatus,
    SignedIn, State, Watch, Welcome, limits::LIST_ROWS,
};

use super::{Role, Session};
use crate::clock::Now;
use crate::link::StopReason;
use crate::notice::{EntryStatus, Notice, Output, Place};
use crate::outbox::Refusal;
use crate::store::{OutboxState, Receipts, Store};

/// The setting that says whose outbox this is.
const LAST_OPERATOR: &str = "session.operator";

impl<S: Store> Session<S> {
    /// A frame came.
    pub fn frame(&mut self, frame: DeskFrame, now: Now) {
        self.link.heard(now.mono);
        match frame {
            DeskFrame::Welcome(welcome) => self.welcome(welcome, now),
            DeskFrame::SignedIn(signed_in) => self.signed_in(signed_in),
            DeskFrame::Event(event) => self.event(event, now),
            DeskFrame::Page(page) => self.page(page, now),
            DeskFrame::Ack(ack) => self.ack(&ack),
            DeskFrame::Nack(nack) => self.nack(&nack, now),
            DeskFrame::Lag { stream, head } => self.replica(&stream).heard_head(head),
            DeskFrame::Pong { heads, .. } => {
                heads.iter().for_each(|head| self.replica(&head.stream).heard_head(head.head));
            }
            DeskFrame::List(list) => self.list(list),
            DeskFrame::State(state) => {
                self.present = Some(State::clone(&state));
                self.tell(Notice::Present(state));
            }
            DeskFrame::Form(form) => self.tell(Notice::Form(form)),
            DeskFrame::Site(site) => self.tell(Notice::Site(site)),
            DeskFrame::Requests(requests) => self.tell(Notice::Requests(requests)),
            DeskFrame::Told { n, told } => self.told_of(n, told),
            DeskFrame::Linked(linked) => self.linked(linked),
            DeskFrame::Ephemeral(heard) => self.tell(Notice::Heard(heard)),
            DeskFrame::Marks(marks) => self.marks(&marks),
            DeskFrame::Bye(bye) => self.bye(&bye, now),
        }
        self.pump(now);
    }

    fn welcome(&mut self, welcome: Welcome, now: Now) {
        self.link.welcomed(now.mono);
        self.transfers.line_is_back();
        self.since = welcome.now;
        if self.epoch.replace(welcome.epoch).is_some_and(|before| before != welcome.epoch) {
            // Where nothing is held there is no cursor to show the restore, and yet the acks are void (C5).
            self.replicas.values_mut().for_each(|replica| replica.outbox.rest(true));
        }
        self.text_chars = welcome.limits.text_chars;
        self.window = welcome.limits.in_flight.max(1);
        for head in welcome.heads {
            let replica = self.replica(&head.stream);
            replica.heard_head(head.head);
            replica.stale |= head.reset;
            replica.owes_marks = true;
        }
        if let (Some(operator), Some(status)) = (welcome.operator, welcome.status) {
            self.at_work(operator, status);
        }
        self.tell_link();
        self.repeat_receipts(welcome.epoch);
    }

    /// What another operator left in the outbox of this profile must not go out under this one's name: it is held.
    fn belong_to(&mut self, operator: &OperatorCard) {
        let id = operator.id.to_string();
        let last = self.store.setting(LAST_OPERATOR).ok().flatten();
        if last.is_some_and(|last| last != id) {
            self.hold_everything();
        }
        // Not kept: asked again at the next welcome.
        let _ = self.store.set_setting(LAST_OPERATOR, &id);
    }

    fn hold_everything(&mut self) {
        let rows = self.replicas.values().flat_map(|replica| replica.outbox.rows());
        let rows: Vec<_> = rows.map(|row| (row.stream.clone(), row.uid)).collect();
        for (stream, uid) in rows {
            self.hold(stream, uid);
        }
    }

    /// What the operator wished while there was no line holds, whatever the desk remembers.
    fn at_work(&mut self, operator: OperatorCard, held: OperatorStatus) {
        self.belong_to(&operator);
        let status = self.wished_status.unwrap_or(held);
        self.me = Some((operator.clone(), status));
        self.tell(Notice::Welcomed(operator, status));
        for list in [ListName::Visitors, ListName::Requests] {
            self.transmit(ClientFrame::Watch(Watch { list, limit: LIST_ROWS }));
        }
        if status != held {
            self.transmit(ClientFrame::Status(status));
        }
    }

    fn signed_in(&mut self, signed_in: SignedIn) {
        self.sign_in = None;
        if let Role::Operator { token } = &mut self.role {
            *token = Some(signed_in.token.clone());
        }
        self.belong_to(&signed_in.operator);
        self.tell(Notice::SignedIn(signed_in.operator, signed_in.token));
        if let Some(hello) = self.hello() {
            self.outputs.push_back(Output::Transmit(hello));
        }
    }

    fn ack(&mut self, ack: &Ack) {
        let replica = self.replica(&ack.stream);
        let applied = ack.seq <= replica.seq() && !replica.stale;
        let Some(row) = replica.outbox.ack(ack.uid, ack.seq).cloned() else { return };
        if !row.body.is_message() {
            self.tell(Notice::Done(row));
            if applied && self.store.discard(ack.uid).is_ok() {
                self.replica(&ack.stream).outbox.remove(ack.uid);
            }
            return;
        }
        let place = Place { seq: ack.seq, message_id: ack.message_id, ts: ack.ts };
        let (stream, uid) = (ack.stream.clone(), ack.uid);
        self.tell(Notice::Status { stream, uid, status: EntryStatus::Sent(place) });
    }

    fn nack(&mut self, nack: &Nack, now: Now) {
        let owner = self.replicas.values().find(|replica| replica.outbox.get(nack.uid).is_some());
        let Some(stream) = owner.map(|replica| replica.stream.clone()) else { return };
        let uid = nack.uid;
        if nack.code == NackCode::FileMissing {
            match self.file_missing(&stream, uid, now) {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => return self.unwell(error, now),
            }
        }
        let outbox = &mut self.replica(&stream).outbox;
        match outbox.nack(nack, now.mono) {
            Refusal::Message => match self.store.set_outbox_state(uid, OutboxState::Failed(nack.code)) {
                Ok(()) => self.tell(Notice::Status { stream, uid, status: EntryStatus::Failed(nack.code) }),
                Err(error) => self.unwell(error, now),
            },
            Refusal::Verb(row) => {
                self.tell(Notice::Refused(row, nack.code));
                if let Err(error) = self.store.discard(uid) {
                    self.unwell(error, now);
                }
            }
            Refusal::Later | Refusal::Unknown => {}
        }
    }

    fn list(&mut self, list: List) {
        if list.whole {
            self.rows.clear();
        }
        for stream in &list.gone {
            self.rows.remove(stream);
        }
        for row in &list.rows {
            // A stream is followed from its first chat on, also where that was over before anybody looked; the rest of
            // the list is only a list.
            if row.chat_id.is_some() || row.unread > 0 || self.replicas.contains_key(&row.stream) {
                self.replica(&row.stream).heard_head(row.head);
            }
            self.rows.insert(row.stream.clone(), row.clone());
        }
        self.total = list.total;
        let List { whole, rows, gone, total, .. } = list;
        self.tell(Notice::Rows { whole, rows, gone, total });
    }

    fn marks(&mut self, marks: &Marks) {
        let own = marks.side == self.side();
        let replica = self.replica(&marks.stream);
        let held = *replica.receipts(marks.side);
        let told = Receipts { delivered: marks.delivered, read: marks.read };
        let raised =
            Receipts { delivered: held.delivered.max(told.delivered), read: held.read.max(told.read) };
        replica.owes_marks &= !(own && raised == told);
        // A receipt that the disk would not take is told again by the desk at the next welcome.
        if raised != held && self.store.raise(&marks.stream, marks.side, raised).is_ok() {
            *self.replica(&marks.stream).receipts(marks.side) = raised;
            self.tell(Notice::Receipts(marks.stream.clone(), marks.side, raised));
        }
    }

    fn bye(&mut self, bye: &Bye, now: Now) {
        // A refused sign-in, or a refused code, is the person's to repeat, never ours: each try counts.
        let asked = self.sign_in.take().is_some() | self.redeem.take().is_some();
        match asked {
            true => self.link.stop(StopReason::Bye(bye.code)),
            false => self.link.dismissed(now.mono, bye.code, bye.retry_after),
        }
        self.hang_up();
        self.tell_link();
    }
}
