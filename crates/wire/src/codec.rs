//! Text to frame and back, with the limits that hold before anything is parsed.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client_frame::ClientFrame;
use crate::desk_frame::DeskFrame;
use crate::limits::{FRAME_BYTES, JSON_DEPTH};

/// Why a text is no frame. Says nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Over 64 KiB.
    #[error("the frame is larger than 64 KiB")]
    TooLarge,
    /// Nested too deep.
    #[error("the frame nests deeper than 16 levels")]
    TooDeep,
    /// Not the JSON of a frame.
    #[error("not a frame of this protocol")]
    Malformed,
}

/// Reads what a client sent.
///
/// # Errors
/// When the text is too large, too deep, or no client frame to the last field.
pub fn decode_client(text: &str) -> Result<ClientFrame, FrameError> {
    decode(text)
}

/// Reads what a desk sent.
///
/// # Errors
/// When the text is too large, too deep, or no desk frame.
pub fn decode_desk(text: &str) -> Result<DeskFrame, FrameError> {
    decode(text)
}

/// Writes a frame.
///
/// # Errors
/// When it is larger than the other end would take.
pub fn encode<F: Serialize>(frame: &F) -> Result<String, FrameError> {
    let text = serde_json::to_string(frame).map_err(|_| FrameError::Malformed)?;
    if text.len() > FRAME_BYTES { Err(FrameError::TooLarge) } else { Ok(text) }
}

fn decode<F: DeserializeOwned>(text: &str) -> Result<F, FrameError> {
    if text.len() > FRAME_BYTES {
        return Err(FrameError::TooLarge);
    }
    if depth(text) > JSON_DEPTH {
        return Err(FrameError::TooDeep);
    }
    serde_json::from_str(text).map_err(|_| FrameError::Malformed)
}

/// The deepest nesting of brackets outside strings.
fn depth(text: &str) -> usize {
    let (mut now, mut most, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_20_and_24_size_and_depth_are_refused_before_parsing() {
        let deep = format!("{}1{}", "[".repeat(17), "]".repeat(17));
        assert_eq!(decode_client(&deep), Err(FrameError::TooDeep));
        let large = format!("{{\"ping\":{{\"n\":{}}}}}", " ".repeat(FRAME_BYTES));
        assert_eq!(decode_client(&large), Err(FrameError::TooLarge));
        assert_eq!(depth(r#"{"a":"[[[[\"[["}"#), 1);
    }

    #[test]
    fn threats_6_an_unknown_field_from_a_client_is_refused() {
        assert!(decode_client(r#"{"ping":{"n":1}}"#).is_ok());
        let forged = r#"{"mark":{"stream":{"site":"main","visitor":"6f1c1f9e-7a44-4c57-9c0e-9d1c3f6c5b11","audience":"public"},"kind":"read","seq":1,"author":"system"}}"#;
        assert_eq!(decode_client(forged), Err(FrameError::Malformed));
    }
}
