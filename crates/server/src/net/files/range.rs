//! Which part of a file is wished.
//!
//! What must always hold: a range never leaves the file; what is not one plain range of bytes is as if it had not been
//! said, as HTTP has it.

use axum::http::HeaderMap;
use axum::http::header::{IF_RANGE, RANGE};

/// What is sent of a file, from and up to but without these bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// A part: from there on, so many bytes, at least one.
    Part { from: u64, bytes: u64 },
    /// A part that is not in it.
    Outside,
}

/// Of a file of that size (at least one byte) with that tag.
pub(super) fn wanted(headers: &HeaderMap, size: u64, tag: &str) -> Wanted {
    let mut ranges = headers.get_all(RANGE).iter();
    let (Some(range), None) = (ranges.next(), ranges.next()) else { return Wanted::Whole };
    // Another file than the one of which the client has a part.
    if headers.get_all(IF_RANGE).iter().any(|known| known.as_bytes() != tag.as_bytes()) {
        return Wanted::Whole;
    }
    let part = range.to_str().ok().and_then(|text| text.strip_prefix("bytes=")).and_then(bounds);
    part.map_or(Wanted::Whole, |bounds| place(bounds, size))
}

/// The first and the last byte, or the number of bytes at the end.
type Bounds = (Option<u64>, Option<u64>);

fn bounds(text: &str) -> Option<Bounds> {
    let (first, last) = text.split_once('-')?;
    let bounds = (digits(first)?, digits(last)?);
    match bounds {
        (None, None) => None,
        (Some(first), Some(last)) if first > last => None,
        bounds => Some(bounds),
    }
}

/// `Some(None)`: nothing is said.
fn digits(text: &str) -> Option<Option<u64>> {
    if text.is_empty() {
        return Some(None);
    }
    let plain = text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten().map(Some)
}

fn place(bounds: Bounds, size: u64) -> Wanted {
    let (from, until) = match bounds {
        (Some(first), last) => (first, last.map_or(size, |last| size.min(last.saturating_add(1)))),
        (None, last) => (size.saturating_sub(last.unwrap_or(0)), size),
    };
    if from >= until { Wanted::Outside } else { Wanted::Part { from, bytes: until - from } }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(range: &str, size: u64) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, range.parse().unwrap());
        wanted(&headers, size, "\"x\"")
    }

    #[test]
    fn one_range_is_understood_and_everything_else_passed_over() {
        for (range, expected) in [
            ("bytes=0-", Wanted::Part { from: 0, bytes: 10 }),
            ("bytes=3-", Wanted::Part { from: 3, bytes: 7 }),
            ("bytes=3-3", Wanted::Part { from: 3, bytes: 1 }),
            ("bytes=3-99", Wanted::Part { from: 3, bytes: 7 }),
            ("bytes=-4", Wanted::Part { from: 6, bytes: 4 }),
            ("bytes=-40", Wanted::Part { from: 0, bytes: 10 }),
            ("bytes=10-", Wanted::Outside),
            ("bytes=-0", Wanted::Outside),
            ("bytes=4-3", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes= 1-2", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=18446744073709551616-", Wanted::Whole),
            ("items=0-1", Wanted::Whole),
        ] {
            assert_eq!(of(range, 10), expected, "{range}");
        }
    }

    #[test]
    fn a_part_of_another_file_is_not_continued() {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, "bytes=3-".parse().unwrap());
        headers.insert(IF_RANGE, "\"old\"".parse().unwrap());
        assert_eq!(wanted(&headers, 10, "\"new\""), Wanted::Whole);
        assert_eq!(wanted(&headers, 10, "\"old\""), Wanted::Part { from: 3, bytes: 7 });
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_range_never_leaves_the_file(range in "bytes=[0-9]{0,21}-[0-9]{0,21}", size in 1_u64..) {
            if let Wanted::Part { from, bytes } = of(&range, size) {
                prop_assert!(bytes > 0 && from.checked_add(bytes).is_some_and(|end| end <= size));
            }
        }

        #[test]
        fn nothing_at_all_makes_it_fall(range in "[ -~]{0,60}", size in 1_u64..) {
            let _ = of(&range, size);
        }
    }
}
