//! A thousand visitors.

use std::collections::BTreeSet;

use deskbell_api::desktop::{News, Subject};
use deskbell_api::profile::Keep;

use crate::people::{Desk, anna, secrets, visitor, write};

const VISITORS: usize = 1_000;
/// Threads that visitors come from.
const DOORS: usize = 4;

#[test]
fn a_thousand_chats_are_a_thousand_occasions_although_the_list_is_shorter() {
    let desk = Desk::start();
    let (anna, told) = anna(&desk);
    let link = desk.direct();
    std::thread::scope(|scope| {
        for _ in 0..DOORS {
            scope.spawn(|| {
                for _ in 0..VISITORS / DOORS {
                    let (eve, ..) = visitor(link.clone(), &secrets(), Keep::SessionOnly);
                    write(&eve, "Hello");
                    eve.stop();
                }
            });
        }
    });
    told.until("all of them", |told| {
        let occasions = told.iter().filter(|news| matches!(news, News::Occasion(_)));
        (occasions.count() >= VISITORS).then_some(())
    });
    let occasions = told.occasions();
    let subjects: BTreeSet<Subject> = occasions.iter().map(|occasion| occasion.subject).collect();
    assert_eq!((occasions.len(), subjects.len()), (VISITORS, VISITORS));
    assert!(occasions.iter().all(|occasion| occasion.live));
    anna.stop();
    desk.desk.stop();
}
