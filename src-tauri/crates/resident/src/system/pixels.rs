//! The icons' pixels, from the PNG files that are part of the program.

use anyhow::Context;

/// An image of 8-bit RGBA, row by row.
pub(crate) struct Pixels {
    /// In pixels.
    pub(crate) width: i32,
    /// In pixels.
    pub(crate) height: i32,
    /// Four bytes a pixel.
    pub(crate) rgba: Vec<u8>,
}

/// Decodes a PNG of 8-bit RGBA, the only kind among our icons.
pub(crate) fn decode(bytes: &[u8]) -> anyhow::Result<Pixels> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info()?;
    let size = reader.output_buffer_size().context("the image is too large")?;
    let mut rgba = vec![0; size];
    let frame = reader.next_frame(&mut rgba)?;
    anyhow::ensure!(
        (frame.color_type, frame.bit_depth) == (png::ColorType::Rgba, png::BitDepth::Eight),
        "the image is not 8-bit RGBA"
    );
    rgba.truncate(frame.buffer_size());
    Ok(Pixels { width: frame.width.try_into()?, height: frame.height.try_into()?, rgba })
}
