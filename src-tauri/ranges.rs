//! Parts of a file: players of sound ask for them, and some play nothing that has none.

use std::ops::Range;

use tauri::http::header::HeaderValue;

/// What of a file is wanted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it: nothing else was said, or in a way that may be ignored (RFC 9110, 14.2).
    Whole,
    /// These bytes; there is at least one.
    Bytes(Range<usize>),
    /// Bytes that are not there.
    None,
}

/// Reads a `Range` of a file of `total` bytes. Several ranges in one are answered with the whole.
pub(crate) fn read(range: Option<&HeaderValue>, total: usize) -> Part {
    let text = range.and_then(|range| range.to_str().ok()).and_then(|text| text.strip_prefix("bytes="));
    let Some((first, last)) = text.and_then(|text| text.split_once('-')) else { return Part::Whole };
    let bytes = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(total),
        (Some(first), None) if last.is_empty() => first..total,
        (None, Some(length)) if first.is_empty() => total.saturating_sub(length)..total,
        _ => return Part::Whole,
    };
    if bytes.is_empty() { Part::None } else { Part::Bytes(bytes) }
}

fn number(digits: &str) -> Option<usize> {
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_browsers_mean_it() {
        for (said, part) in [
            ("bytes=0-", Part::Bytes(0..10)),
            ("bytes=0-1", Part::Bytes(0..2)),
            ("bytes=3-99", Part::Bytes(3..10)),
            ("bytes=9-9", Part::Bytes(9..10)),
            ("bytes=-4", Part::Bytes(6..10)),
            ("bytes=-99", Part::Bytes(0..10)),
            ("bytes=10-", Part::None),
            ("bytes=12-13", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=5-2", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes=1-18446744073709551615", Part::Bytes(1..10)),
            ("bytes=18446744073709551616-", Part::Whole),
            ("lines=1-2", Part::Whole),
        ] {
            assert_eq!(read(Some(&HeaderValue::from_static(said)), 10), part, "{said}");
        }
        assert_eq!(read(None, 10), Part::Whole);
        assert_eq!(read(Some(&HeaderValue::from_static("bytes=0-")), 0), Part::None);
    }
}
