//! Pictures into dots: what is too large is known from the header, before a dot is.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};

use super::Dots;
use crate::MAX_DECODED_SIDE;
use crate::why::Why;

/// What decoding may take, in bytes.
const MAX_DECODED: u64 = 256 * 1024 * 1024;

/// `None`: not shown.
pub(super) fn format(media: &str) -> Option<ImageFormat> {
    match media {
        "image/png" => Some(ImageFormat::Png),
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/gif" => Some(ImageFormat::Gif),
        "image/webp" => Some(ImageFormat::WebP),
        "image/bmp" => Some(ImageFormat::Bmp),
        _ => None,
    }
}

/// The first frame, upright, no larger than asked for.
pub(super) fn picture(bytes: &[u8], format: ImageFormat, max_side: u32) -> Result<Dots, Why> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(why)?;
    let (width, height) = decoder.dimensions();
    if width > MAX_DECODED_SIDE || height > MAX_DECODED_SIDE || decoder.total_bytes() > MAX_DECODED {
        return Err(Why::TooLarge);
    }
    let orientation = decoder.orientation().map_err(why)?;
    let whole = DynamicImage::from_decoder(decoder).map_err(why)?;
    let mut small = smaller(whole, max_side);
    small.apply_orientation(orientation);
    let small = small.into_rgba8();
    let size = [small.width(), small.height()];
    Ok(Dots { bytes: small.into_raw(), size })
}

/// In two steps where much is left out: a quick one to twice the size, a fine one to the end.
fn smaller(whole: DynamicImage, max_side: u32) -> DynamicImage {
    if whole.width() <= max_side && whole.height() <= max_side {
        return whole;
    }
    let rough = max_side.saturating_mul(2);
    let near = if whole.width().max(whole.height()) > rough { whole.thumbnail(rough, rough) } else { whole };
    near.resize(max_side, max_side, FilterType::Triangle)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_DECODED_SIDE);
    limits.max_image_height = Some(MAX_DECODED_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    limits
}

fn why(error: ImageError) -> Why {
    match error {
        ImageError::Limits(_) => Why::TooLarge,
        ImageError::Unsupported(_) => Why::Unsupported,
        _ => Why::Unreadable,
    }
}
