//! What a press on an alert comes to.

use deskbell_api::desktop::{Act, Side, Subject};

use super::notify::Press;
use crate::deeds::Deed;

/// The deed; `None` where the press is about something that is over and asks for no window.
pub(super) fn deed(subject: Option<Subject>, press: Press, side: Side) -> Option<Deed> {
    let Some(subject) = subject else {
        return (press != Press::Button(Act::Decline)).then_some(Deed::Open);
    };
    Some(match (subject, press) {
        (Subject::Invitation(id), Press::Button(Act::Accept)) => Deed::Accept(id),
        (Subject::Invitation(id), Press::Button(Act::Decline)) => Deed::Decline(id),
        (Subject::Request(id), _) => Deed::OpenRequest(id),
        (subject, press) => Deed::OpenChat {
            visitor: subject.visitor().filter(|_| side == Side::Operator),
            compose: press == Press::Button(Act::Reply),
        },
    })
}

#[cfg(test)]
mod tests {
    use deskbell_wire::{MessageId, VisitorId};

    use super::*;

    #[test]
    fn a_press_does_what_it_says() {
        let id: MessageId = "6f1a2b3c-0000-4000-8000-000000000001".parse().unwrap();
        let visitor: VisitorId = "6f1a2b3c-0000-4000-8000-000000000002".parse().unwrap();
        let pressed = |subject, press, side| deed(Some(subject), press, side);
        let invited = Subject::Invitation(id);
        for (subject, press, side, done) in [
            (invited, Press::Button(Act::Accept), Side::Visitor, Deed::Accept(id)),
            (invited, Press::Button(Act::Decline), Side::Visitor, Deed::Decline(id)),
            (invited, Press::Alert, Side::Visitor, Deed::OpenChat { visitor: None, compose: false }),
            (Subject::Request(id), Press::Button(Act::Open), Side::Operator, Deed::OpenRequest(id)),
            (
                Subject::Words(visitor),
                Press::Button(Act::Reply),
                Side::Operator,
                Deed::OpenChat { visitor: Some(visitor), compose: true },
            ),
            (
                Subject::Words(visitor),
                Press::Button(Act::Reply),
                Side::Visitor,
                Deed::OpenChat { visitor: None, compose: true },
            ),
            (
                Subject::Waiting(visitor),
                Press::Alert,
                Side::Operator,
                Deed::OpenChat { visitor: Some(visitor), compose: false },
            ),
        ] {
            assert_eq!(pressed(subject, press, side), Some(done));
        }
    }

    #[test]
    fn what_is_over_accepts_nothing() {
        for side in [Side::Visitor, Side::Operator] {
            assert_eq!(deed(None, Press::Button(Act::Accept), side), Some(Deed::Open));
            assert_eq!(deed(None, Press::Button(Act::Decline), side), None);
        }
    }
}
