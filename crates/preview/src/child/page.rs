//! A PDF's first page into dots, on white paper.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::Dots;
use crate::why::Why;

/// Dots of a point, at most: a visiting card is not blown up to a poster.
const MAX_SCALE: f32 = 3.0;

pub(super) fn first(bytes: Vec<u8>, max_side: u32) -> Result<Dots, Why> {
    let pdf = Pdf::new(bytes).map_err(|_| Why::Unreadable)?;
    let page = pdf.pages().first().ok_or(Why::Unreadable)?;
    let (width, height) = page.render_dimensions();
    let longer = width.max(height);
    if !(longer.is_finite() && width.min(height) > 0.0) {
        return Err(Why::Unreadable);
    }
    let scale = (max_side as f32 / longer).min(MAX_SCALE);
    let paper = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let (settings, cache) = (InterpreterSettings::default(), RenderCache::new());
    let drawn = render(page, &cache, &settings, &RenderSettings::default(), &paper);
    let size = [u32::from(drawn.width()), u32::from(drawn.height())];
    if size.contains(&0) {
        return Err(Why::Unreadable);
    }
    // On white nothing is clear, so multiplied or not is the same.
    Ok(Dots { bytes: drawn.data_as_u8_slice().to_vec(), size })
}
