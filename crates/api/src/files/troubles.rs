//! Why a file does not go on, in words.
//!
//! What must always hold: a word of the line that the window shows anyway is not said again at each file.

use deskbell_core::transfers::{DiskTrouble, TransferStand, Trouble};
use deskbell_wire::{FileRefusal, NackCode};

use super::refused::Refused;
use crate::dto::{Locale, Problem};
use crate::problem::{problem, sentence};

/// What there is to say of a transfer that rests or failed. `limit`: bytes of one file.
pub(super) fn of_stand(stand: TransferStand, limit: u64, locale: Locale) -> Option<Problem> {
    match stand {
        TransferStand::Waiting { why, .. } => why.and_then(|why| of_trouble(why, limit, locale)),
        TransferStand::Failed(Trouble::Line) => Some(problem("lost", locale)),
        // A desk does not say which: whoever may not know of a file is not told that there was one.
        TransferStand::Failed(Trouble::Refused(FileRefusal::Forbidden)) => {
            Some(problem("file_withheld", locale))
        }
        TransferStand::Failed(why) => of_trouble(why, limit, locale),
        TransferStand::Refused { code, refusal } => Some(of_refusal(code, refusal, limit, locale)),
        TransferStand::Going { .. }
        | TransferStand::Paused { .. }
        | TransferStand::Whole
        | TransferStand::Stopped => None,
    }
}

/// Why an entry with a file failed: what the desk said of the file itself, else of the entry.
pub(super) fn of_refusal(
    code: NackCode,
    refusal: Option<FileRefusal>,
    limit: u64,
    locale: Locale,
) -> Problem {
    let said = refusal.and_then(|refusal| of_trouble(Trouble::Refused(refusal), limit, locale));
    said.unwrap_or_else(|| of_nack(code, limit, locale))
}

/// The codes of words mean something else of a file.
fn of_nack(code: NackCode, limit: u64, locale: Locale) -> Problem {
    let sentence = match code {
        NackCode::TooLarge => return Refused::TooLarge(limit).problem(locale),
        NackCode::Quota => return problem("file_quota", locale),
        NackCode::Forbidden => return problem("file_forbidden", locale),
        NackCode::Consent => "file_consent",
        NackCode::FileType => "file_rules",
        NackCode::Invalid => "file_invalid",
        NackCode::UidConflict => "file_conflict",
        other => other.name(),
    };
    in_words(code.name(), sentence, locale)
}

fn of_trouble(why: Trouble, limit: u64, locale: Locale) -> Option<Problem> {
    Some(match why {
        Trouble::Line => return None,
        Trouble::Lost => problem("file_lost", locale),
        Trouble::Disk(DiskTrouble::Full) => problem("file_no_space", locale),
        Trouble::Disk(DiskTrouble::Other) => problem("store_io", locale),
        Trouble::Refused(FileRefusal::TooLarge) => Refused::TooLarge(limit).problem(locale),
        Trouble::Refused(refusal) => {
            let (code, sentence) = names(refusal)?;
            in_words(code, sentence, locale)
        }
    })
}

/// The code and the sentence of what a desk says; pages know some codes from words.
fn names(refusal: FileRefusal) -> Option<(&'static str, &'static str)> {
    let same = |code| (code, code);
    Some(match refusal {
        // It goes on by itself at once.
        FileRefusal::Expired | FileRefusal::Offset => return None,
        FileRefusal::Forbidden => same("file_forbidden"),
        FileRefusal::Invalid => ("invalid", "file_invalid"),
        FileRefusal::Empty => same("file_empty"),
        FileRefusal::TooLarge => same("file_too_large"),
        FileRefusal::Quota => same("file_quota"),
        FileRefusal::TypeNotAllowed => same("file_type"),
        FileRefusal::TypeLies => same("file_type_lies"),
        FileRefusal::Off => same("file_off"),
        FileRefusal::Consent => ("consent", "file_consent"),
        FileRefusal::Banned => same("banned"),
        FileRefusal::NoSpace => same("file_no_space_desk"),
        FileRefusal::Busy => ("busy", "file_busy"),
        FileRefusal::Checksum => same("file_damaged"),
        FileRefusal::Storage => ("storage", "file_storage"),
    })
}

fn in_words(code: &str, words: &str, locale: Locale) -> Problem {
    Problem { code: code.to_owned(), message: sentence(words, locale) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: [FileRefusal; 16] = [
        FileRefusal::Forbidden,
        FileRefusal::Invalid,
        FileRefusal::Empty,
        FileRefusal::TooLarge,
        FileRefusal::Quota,
        FileRefusal::TypeNotAllowed,
        FileRefusal::TypeLies,
        FileRefusal::Off,
        FileRefusal::Consent,
        FileRefusal::Banned,
        FileRefusal::NoSpace,
        FileRefusal::Busy,
        FileRefusal::Expired,
        FileRefusal::Offset,
        FileRefusal::Checksum,
        FileRefusal::Storage,
    ];
    const FATAL: [NackCode; 13] = [
        NackCode::UidConflict,
        NackCode::TooLarge,
        NackCode::Stale,
        NackCode::Forbidden,
        NackCode::Invalid,
        NackCode::Unavailable,
        NackCode::Consent,
        NackCode::Banned,
        NackCode::Limit,
        NackCode::FileMissing,
        NackCode::FileType,
        NackCode::Quota,
        NackCode::FileLost,
    ];

    /// What can happen to a file on its way.
    fn stands() -> Vec<TransferStand> {
        let disk = [DiskTrouble::Full, DiskTrouble::Other].map(Trouble::Disk);
        let troubles: Vec<_> = SAID.map(Trouble::Refused).into_iter().chain(disk).collect();
        let refused = |refusal| TransferStand::Refused { code: NackCode::Invalid, refusal: Some(refusal) };
        let nacked = |code| TransferStand::Refused { code, refusal: None };
        let waits = |why: &Trouble| TransferStand::Waiting { done: 0, why: Some(*why) };
        let failed = |why: &Trouble| TransferStand::Failed(*why);
        let ways = [Trouble::Line, Trouble::Lost].map(TransferStand::Failed);
        troubles
            .iter()
            .map(waits)
            .chain(troubles.iter().map(failed))
            .chain(SAID.map(refused))
            .chain(FATAL.map(nacked))
            .chain(ways)
            .collect()
    }

    #[test]
    fn whatever_happens_to_a_file_is_said_in_words_of_its_own_in_both_languages() {
        let silent = [FileRefusal::Expired, FileRefusal::Offset].map(Trouble::Refused);
        for (stand, locale) in
            stands().into_iter().flat_map(|stand| [(stand, Locale::En), (stand, Locale::Ru)])
        {
            let Some(said) = of_stand(stand, 3 << 20, locale) else {
                let why = match stand {
                    TransferStand::Waiting { why, .. } => why,
                    TransferStand::Failed(why) => Some(why),
                    _ => None,
                };
                assert!(why.is_some_and(|why| silent.contains(&why)), "{stand:?} says nothing");
                continue;
            };
            let words = said.message;
            assert_ne!(words, sentence("unexpected", locale), "{stand:?}");
            assert!(words.ends_with('.') && !words.contains(['{', '}', '_']), "{stand:?}: {words}");
            // What happened, and what to do about it or what becomes of it.
            let parts = words.matches(['.', ':', ';', ',']).count();
            assert!(parts >= 2 || said.code == "banned" || said.code == "unavailable", "{stand:?}: {words}");
            let russian = words.chars().any(|letter| ('а'..='я').contains(&letter));
            assert_eq!(russian, locale == Locale::Ru, "{stand:?}: {words}");
        }
    }

    #[test]
    fn each_refusal_of_the_desk_is_told_from_every_other() {
        let said = |refusal| of_refusal(NackCode::Invalid, Some(refusal), 1, Locale::En).message;
        for (one, other) in SAID.iter().flat_map(|one| SAID.map(|other| (*one, other))) {
            let nothing = [FileRefusal::Expired, FileRefusal::Offset, FileRefusal::Invalid];
            let same = one == other || (nothing.contains(&one) && nothing.contains(&other));
            assert_eq!(said(one) == said(other), same, "{one:?} and {other:?}");
        }
        let upload = TransferStand::Refused { code: NackCode::Forbidden, refusal: None };
        let download = TransferStand::Failed(Trouble::Refused(FileRefusal::Forbidden));
        let said = |stand| of_stand(stand, 1, Locale::En).map(|problem| problem.code);
        assert_eq!(said(upload).as_deref(), Some("file_forbidden"));
        assert_eq!(said(download).as_deref(), Some("file_withheld"));
    }
}
