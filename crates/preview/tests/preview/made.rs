//! Files made for tests, and the worker that this crate builds.

use std::io::Cursor;

use deskbell_preview::Worker;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

pub(crate) fn worker() -> Worker {
    Worker::new(env!("CARGO_BIN_EXE_deskbell-preview-worker").into(), Vec::new())
}

/// Red at the left, blue at the right, green below; `alpha` everywhere.
pub(crate) fn dots(width: u32, height: u32, alpha: u8) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (_, false) => Rgba([0, 200, 0, alpha]),
        (true, _) => Rgba([200, 0, 0, alpha]),
        (false, _) => Rgba([0, 0, 200, alpha]),
    })
}

pub(crate) fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let dots = DynamicImage::ImageRgba8(dots(width, height, 255));
    match format {
        ImageFormat::Jpeg => dots.to_rgb8().write_to(&mut bytes, format).unwrap(),
        _ => dots.write_to(&mut bytes, format).unwrap(),
    }
    bytes.into_inner()
}

/// A chunk of a PNG.
pub(crate) fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let checked = [kind.as_slice(), body].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&checked);
    [&u32::try_from(body.len()).unwrap().to_be_bytes(), checked.as_slice(), &crc.sum().to_be_bytes()].concat()
}

/// A grey PNG of one bit a dot, all black, as small as it gets.
pub(crate) fn black_png(width: u32, height: u32, rows: u32) -> Vec<u8> {
    let head = [&width.to_be_bytes(), &height.to_be_bytes(), [1, 0, 0, 0, 0].as_slice()].concat();
    let dots = packed_zeros((u64::from(width) / 8 + 1) * u64::from(rows));
    let mark = b"\x89PNG\r\n\x1a\n".to_vec();
    [mark, chunk(b"IHDR", &head), chunk(b"IDAT", &dots), chunk(b"IEND", b"")].concat()
}

/// So many zeros in zlib's format: a packed stretch of them, again and again.
fn packed_zeros(count: u64) -> Vec<u8> {
    let stretch = 1_000_000_u64.min(count).max(1);
    let packed = |count: u64| {
        let mut packer = flate2::Compress::new(flate2::Compression::best(), false);
        let mut packed = Vec::with_capacity(10_000);
        let zeros = vec![0; usize::try_from(count).unwrap()];
        packer.compress_vec(&zeros, &mut packed, flate2::FlushCompress::Full).unwrap();
        packed
    };
    let stretches = packed(stretch).repeat(usize::try_from(count / stretch).unwrap());
    let sum = u32::try_from(count % 65_521).unwrap() << 16 | 1;
    [&[0x78, 0x9c], stretches.as_slice(), &packed(count % stretch), &[3, 0], &sum.to_be_bytes()].concat()
}

/// A PDF of one page with that drawn on it.
pub(crate) fn pdf(width: u32, height: u32, drawn: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
        ),
        format!("<< /Length {} >>\nstream\n{drawn}\nendstream", drawn.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf += &format!("{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let table = pdf.len();
    pdf += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    places.iter().for_each(|place| pdf += &format!("{place:010} 00000 n \n"));
    pdf += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    pdf.into_bytes()
}
