//! Images as coloured half blocks: each cell shows two pixels, one above the other, in any terminal.

use std::io::Cursor;

use image::{ImageReader, Limits, RgbaImage, imageops};

use super::{
    TokenKind,
    canvas::{Canvas, Graphic},
};

/// Pixels on a side that are kept: about as many as a zone of the terminal has.
const KEPT: u32 = 1024;
/// Pixels on a side that are decoded at all, and the memory that decoding may take, in bytes.
const LARGEST_SIDE: u32 = 20_000;
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// Rows that a picture takes at the most.
pub(super) const MOST_ROWS: u16 = 60;

/// What shows two pixels.
const HALF_BLOCK: &str = "▀";

/// A decoded image, made small.
#[derive(PartialEq)]
pub struct Picture(RgbaImage);

impl Picture {
    /// Decodes a PNG, JPEG, GIF (its first picture) or WebP; says why it cannot be drawn.
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        let mut reader = ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|error| error.to_string())?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(LARGEST_SIDE);
        limits.max_image_height = Some(LARGEST_SIDE);
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits);
        let image = reader.decode().map_err(|error| error.to_string())?;
        let small = if image.width() > KEPT || image.height() > KEPT {
            image.thumbnail(KEPT, KEPT)
        } else {
            image
        };
        Ok(Self(small.into_rgba8()))
    }

    /// As the terminal itself draws it, over the cells that its rows take.
    pub fn graphic(&self, columns: usize, canvas: Canvas) -> Graphic {
        let (columns, rows) = self.cells(columns, canvas.rows.min(MOST_ROWS));
        Graphic::new(&self.0, canvas, (columns as u16, rows as u16))
    }

    /// The size in cells for so many columns and rows of the screen: it is made smaller, never larger.
    pub fn cells(&self, columns: usize, rows: u16) -> (u32, u32) {
        let (width, height) = self.0.dimensions();
        let most = u32::try_from(columns).unwrap_or(u32::MAX).max(1);
        let shrink = f64::max(
            f64::from(width) / f64::from(most),
            f64::from(height) / f64::from(rows.max(1) * 2),
        );
        let shrink = shrink.max(1.0);
        let scaled = |side: u32| ((f64::from(side) / shrink).round() as u32).max(1);
        (scaled(width), scaled(height).div_ceil(2))
    }

    /// Every row for so many columns, of as many rows at the most.
    pub fn rows(&self, columns: usize, most: u16) -> Vec<Vec<(TokenKind, String)>> {
        let (width, rows) = self.cells(columns, most);
        let small = imageops::thumbnail(&self.0, width, rows * 2);
        let pixel = |x: u32, y: u32| {
            small
                .get_pixel_checked(x, y)
                .map_or([0; 3], |it| over_grey(it.0))
        };
        let cells = |row: u32| {
            let cell = move |x| TokenKind::Pixels {
                upper: pixel(x, row * 2),
                lower: pixel(x, row * 2 + 1),
            };
            let mut pieces: Vec<(TokenKind, String)> = Vec::new();
            for kind in (0..width).map(cell) {
                match pieces.last_mut() {
                    Some((last, text)) if *last == kind => text.push_str(HALF_BLOCK),
                    _ => pieces.push((kind, HALF_BLOCK.to_owned())),
                }
            }
            pieces
        };
        (0..rows).map(cells).collect()
    }
}

/// A pixel on the ground that shows both light and dark pictures.
pub(super) fn over_grey([red, green, blue, alpha]: [u8; 4]) -> [u8; 3] {
    const GREY: u16 = 96;
    let alpha = u16::from(alpha);
    [red, green, blue].map(|part| ((u16::from(part) * alpha + GREY * (255 - alpha)) / 255) as u8)
}

/// How bright two pixels are together, as a shade: for a terminal without colours.
pub fn shade(upper: [u8; 3], lower: [u8; 3]) -> &'static str {
    let light = |[red, green, blue]: [u8; 3]| {
        (u32::from(red) * 3 + u32::from(green) * 6 + u32::from(blue)) / 10
    };
    match u32::midpoint(light(upper), light(lower)) {
        0..40 => " ",
        40..95 => "░",
        95..150 => "▒",
        150..210 => "▓",
        _ => "█",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHECKER: &[u8] = include_bytes!("../../assets/samples/checker.png");

    #[test]
    fn an_image_is_drawn_in_cells_of_two_pixels() {
        let picture = Picture::decode(CHECKER).unwrap();
        let (width, rows) = picture.cells(200, MOST_ROWS);
        let drawn = picture.rows(200, MOST_ROWS);
        assert_eq!(drawn.len(), rows as usize);
        for row in &drawn {
            let cells: usize = row.iter().map(|(_, text)| text.chars().count()).sum();
            assert_eq!(cells, width as usize);
        }
        let (narrow, _) = picture.cells(5, MOST_ROWS);
        assert!(narrow <= 5);
    }

    #[test]
    fn a_wide_image_fits() {
        let mut png = Vec::new();
        let image = RgbaImage::from_pixel(1000, 10, image::Rgba([255, 0, 0, 255]));
        image
            .write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png)
            .unwrap();
        let picture = Picture::decode(&png).unwrap();
        assert_eq!(picture.cells(80, MOST_ROWS).0, 80);
        let red = TokenKind::Pixels {
            upper: [255, 0, 0],
            lower: [255, 0, 0],
        };
        assert_eq!(picture.rows(80, MOST_ROWS)[0][0].0, red);
    }

    #[test]
    fn a_huge_image_is_refused_by_its_head() {
        let mut png = CHECKER.to_vec();
        png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert!(Picture::decode(&png).is_err());
        assert!(Picture::decode(b"GIF89a").is_err());
        assert!(Picture::decode(b"").is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn any_damage_is_survived(at in 0_usize..200, byte in any::<u8>(), cut in 0_usize..400) {
            let mut png = CHECKER.to_vec();
            let place = at % png.len();
            png[place] = byte;
            png.truncate(cut.max(8));
            if let Ok(picture) = Picture::decode(&png) {
                picture.rows(40, MOST_ROWS);
            }
        }
    }
}
