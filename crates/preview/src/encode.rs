//! Pictures of ours, made of dots: what the page gets is nothing that a stranger could have written.

use std::fmt;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, RgbaImage};

use crate::why::Why;

/// Good enough that nobody sees it.
const JPEG_QUALITY: u8 = 85;

/// A small picture, encoded here.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// JPEG, or PNG where there is something to see through.
    pub bytes: Vec<u8>,
    /// `image/jpeg` or `image/png`.
    pub media: &'static str,
    /// Dots.
    pub width: u32,
    /// Dots.
    pub height: u32,
}

/// # Errors
/// [`Why::Unreadable`]: these are not the dots of a picture of that size, or it is none that was asked for.
pub(crate) fn picture(dots: Vec<u8>, [width, height]: [u32; 2], max_side: u32) -> Result<Picture, Why> {
    let is_asked = (1..=max_side).contains(&width) && (1..=max_side).contains(&height);
    let is_clear = dots.chunks_exact(4).any(|dot| dot.last().is_some_and(|alpha| *alpha != 255));
    let dots = RgbaImage::from_raw(width, height, dots).filter(|_| is_asked).ok_or(Why::Unreadable)?;
    if dots.as_raw().len() != width as usize * height as usize * 4 {
        return Err(Why::Unreadable);
    }
    let mut bytes = Vec::new();
    let (written, media) = if is_clear {
        (dots.write_with_encoder(PngEncoder::new(&mut bytes)), "image/png")
    } else {
        let dots = DynamicImage::ImageRgba8(dots).into_rgb8();
        (dots.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)), "image/jpeg")
    };
    written.map_err(|_| Why::Unreadable)?;
    Ok(Picture { bytes, media, width, height })
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}, {} × {})", self.media, self.width, self.height)
    }
}
