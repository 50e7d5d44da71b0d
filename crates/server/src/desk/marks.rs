//! Receipts: one row per stream and side that only rises (S11).
//!
//! What must always hold: a mark above the head or below what is known changes nothing (I8).

use deskbell_wire::{DeskFrame, Mark, MarkKind, Marks, Seq, Side};

use super::fanout::{encoded, followers};
use super::io::{Class, ConnId, Output};
use super::log::Receipts;
use super::person::PersonKey;
use super::policy::Wish;
use super::{Desk, Farewell};

impl Desk {
    pub(super) fn mark(&mut self, conn: ConnId, mark: &Mark) -> Result<(), Farewell> {
        let Some(key) = self.reach(conn, &mark.stream, Wish::Mark)? else { return Ok(()) };
        let side = if self.is_operator(conn) { Side::Operator } else { Side::Visitor };
        let Some(person) = self.people.get_mut(key) else { return Ok(()) };
        if mark.seq > person.log.head || !raise(person.log.receipts(side), mark.kind, mark.seq) {
            return Ok(());
        }
        if side == Side::Operator && mark.kind == MarkKind::Read {
            person.log.recount(&self.store)?;
            self.people.touch(key, self.now);
        }
        self.dirty.marks.insert((key, side));
        self.dirty.note(self.now);
        self.risen.insert((key, side));
        Ok(())
    }

    /// Tells what rose, once for all marks that came together.
    pub(super) fn tell_marks(&mut self) {
        for (key, side) in std::mem::take(&mut self.risen) {
            let Some(person) = self.people.get_mut(key) else { continue };
            let receipts = *person.log.receipts(side);
            let frame = DeskFrame::Marks(marks((*person.stream).clone(), side, receipts));
            let Some(text) = encoded(&frame) else { continue };
            let Some(person) = self.people.get(key) else { continue };
            let followers = followers(&self.at_work, &self.operators, key, person, Wish::Follow);
            for to in person.conns.iter().copied().chain(followers) {
                self.outputs.push(Output::Frame { to, text: text.clone(), class: Class::Answer });
            }
        }
    }

    /// Tells one connection where both sides stand.
    pub(super) fn tell_marks_to(&mut self, conn: ConnId, key: PersonKey) {
        for side in [Side::Visitor, Side::Operator] {
            let Some(person) = self.people.get_mut(key) else { return };
            let receipts = *person.log.receipts(side);
            if receipts != Receipts::default() {
                let frame = DeskFrame::Marks(marks((*person.stream).clone(), side, receipts));
                self.answer(conn, &frame);
            }
        }
    }
}

fn marks(stream: deskbell_wire::StreamId, side: Side, receipts: Receipts) -> Marks {
    Marks { stream, side, delivered: receipts.delivered, read: receipts.read }
}

/// `true`: something rose. What was read was delivered.
fn raise(receipts: &mut Receipts, kind: MarkKind, seq: Seq) -> bool {
    let before = *receipts;
    receipts.delivered = receipts.delivered.max(seq);
    if kind == MarkKind::Read {
        receipts.read = receipts.read.max(seq);
    }
    *receipts != before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s11_marks_only_rise_and_reading_delivers() {
        let mut receipts = Receipts::default();
        assert!(raise(&mut receipts, MarkKind::Delivered, 3));
        assert!(!raise(&mut receipts, MarkKind::Delivered, 2));
        assert!(raise(&mut receipts, MarkKind::Read, 5));
        assert_eq!(receipts, Receipts { delivered: 5, read: 5 });
        assert!(!raise(&mut receipts, MarkKind::Read, 5));
    }
}
