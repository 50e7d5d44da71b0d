//! Fetching, keeping and saying, each alone and together.

mod fetch;
mod keeper;
mod page;
mod shelf;
mod standing;

use deskbell_wire::limits::PACK_PART_BYTES;
use deskbell_wire::pack::encode_part;
use deskbell_wire::{PackRef, Refusal, Told};

use super::fetch::digest_of;

/// Bytes of two and a half parts.
fn some_bytes(seed: u8) -> Vec<u8> {
    (0..PACK_PART_BYTES * 5 / 2).map(|at| (at % 251) as u8 ^ seed).collect()
}

fn named(bytes: &[u8]) -> PackRef {
    PackRef { digest: digest_of(bytes), bytes: u32::try_from(bytes.len()).unwrap() }
}

/// What an honest desk says.
fn part_of(bytes: &[u8], from: u32) -> Told {
    let from = from as usize;
    let part = &bytes[from..bytes.len().min(from + PACK_PART_BYTES)];
    Told::Pack { total: u32::try_from(bytes.len()).unwrap(), part: encode_part(part) }
}

fn refused(code: Refusal) -> Told {
    Told::Refused { code, detail: None }
}
