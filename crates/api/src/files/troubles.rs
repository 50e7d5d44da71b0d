//! Why a file does not go on, in words.
//!
//! What must always hold: a word of the line that the window shows anyway is not said again at each file.

use deskbell_core::transfers::{DiskTrouble, TransferStand, Trouble};
use deskbell_wire::{FileRefusal, NackCode};

use super::refused::Refused;
use crate::dto::{Locale, Problem};
use crate::problem::problem;

/// What there is to say of a transfer that rests or failed. `limit`: bytes of one file.
pub(super) fn of_stand(stand: TransferStand, limit: u64, locale: Locale) -> Option<Problem> {
    match stand {
        TransferStand::Waiting { why, .. } => why.and_then(|why| of_trouble(why, limit, locale)),
        TransferStand::Failed(Trouble::Line) => Some(problem("lost", locale)),
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
    match code {
        NackCode::TooLarge => Refused::TooLarge(limit).problem(locale),
        NackCode::Quota => problem("file_quota", locale),
        NackCode::Forbidden => problem("file_forbidden", locale),
        other => problem(other.name(), locale),
    }
}

fn of_trouble(why: Trouble, limit: u64, locale: Locale) -> Option<Problem> {
    let code = match why {
        Trouble::Line => return None,
        Trouble::Lost => "file_lost",
        Trouble::Disk(DiskTrouble::Full) => "file_no_space",
        Trouble::Disk(DiskTrouble::Other) => "store_io",
        Trouble::Refused(refusal) => match refusal {
            FileRefusal::TooLarge => return Some(Refused::TooLarge(limit).problem(locale)),
            // It goes on by itself at once.
            FileRefusal::Expired | FileRefusal::Offset => return None,
            FileRefusal::Forbidden => "file_forbidden",
            FileRefusal::Invalid => "invalid",
            FileRefusal::Empty => "file_empty",
            FileRefusal::Quota => "file_quota",
            FileRefusal::TypeNotAllowed => "file_type",
            FileRefusal::TypeLies => "file_type_lies",
            FileRefusal::Off => "file_off",
            FileRefusal::Consent => "consent",
            FileRefusal::Banned => "banned",
            FileRefusal::NoSpace => "file_no_space_desk",
            FileRefusal::Busy => "busy",
            FileRefusal::Checksum => "file_damaged",
            FileRefusal::Storage => "storage",
        },
    };
    Some(problem(code, locale))
}
