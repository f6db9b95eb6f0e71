//! kitty's protocol with Unicode placeholders: the image is handed over once, and letters of the private area
//! stand where its cells are, so that it scrolls and disappears like text.

use std::{borrow::Cow, fmt::Write};

use image::RgbaImage;

/// The number of the image; the letters carry it as their colour.
pub(super) const IMAGE: u8 = 37;

/// Bytes of Base64 in one sequence at the most.
const CHUNK: usize = 4096;

/// Stands for a cell of an image.
const PLACEHOLDER: &str = "\u{10eeee}";

/// The marks above a placeholder that count rows and columns, the first of those in kitty's
/// `rowcolumn-diacritics.txt`.
const MARKS: [char; 66] = [
    '\u{305}', '\u{30d}', '\u{30e}', '\u{310}', '\u{312}', '\u{33d}', '\u{33e}', '\u{33f}',
    '\u{346}', '\u{34a}', '\u{34b}', '\u{34c}', '\u{350}', '\u{351}', '\u{352}', '\u{357}',
    '\u{35b}', '\u{363}', '\u{364}', '\u{365}', '\u{366}', '\u{367}', '\u{368}', '\u{369}',
    '\u{36a}', '\u{36b}', '\u{36c}', '\u{36d}', '\u{36e}', '\u{36f}', '\u{483}', '\u{484}',
    '\u{485}', '\u{486}', '\u{487}', '\u{592}', '\u{593}', '\u{594}', '\u{595}', '\u{597}',
    '\u{598}', '\u{599}', '\u{59c}', '\u{59d}', '\u{59e}', '\u{59f}', '\u{5a0}', '\u{5a1}',
    '\u{5a8}', '\u{5a9}', '\u{5ab}', '\u{5ac}', '\u{5af}', '\u{5c4}', '\u{610}', '\u{611}',
    '\u{612}', '\u{613}', '\u{614}', '\u{615}', '\u{616}', '\u{617}', '\u{657}', '\u{658}',
    '\u{659}', '\u{65a}',
];

/// Hands the image over, to be shown over so many cells wherever its placeholders are.
pub(super) fn draw(image: &RgbaImage, (columns, rows): (u16, u16)) -> String {
    let data = super::png(image);
    let mut drawing = String::with_capacity(data.len() + data.len() / 64);
    let chunks = data.as_bytes().chunks(CHUNK);
    let last = chunks.len().saturating_sub(1);
    for (index, chunk) in chunks.enumerate() {
        let more = u8::from(index < last);
        drawing.push_str("\x1b_G");
        if index == 0 {
            // q=2: no answers, which would be taken for keys.
            // Writing to a String cannot fail.
            let _ = write!(drawing, "q=2,a=T,U=1,f=100,i={IMAGE},c={columns},r={rows},");
        }
        let _ = write!(drawing, "m={more};");
        drawing.push_str(&String::from_utf8_lossy(chunk));
        drawing.push_str("\x1b\\");
    }
    drawing
}

/// The letter for one cell. Those behind the first of a row count on from it.
pub(super) fn placeholder(row: u16, column: u16) -> Cow<'static, str> {
    if column > 0 {
        return PLACEHOLDER.into();
    }
    let marks = MARKS.get(usize::from(row)).into_iter().chain(MARKS.first());
    Cow::Owned(format!("{PLACEHOLDER}{}", marks.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_image_goes_in_chunks() {
        let mut noise = 1_u32;
        let image = RgbaImage::from_fn(80, 80, |_, _| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgba(noise.to_be_bytes())
        });
        let drawing = draw(&image, (10, 5));
        let parts: Vec<&str> = drawing.split_terminator("\x1b\\").collect();
        assert!(parts.len() > 2, "{}", parts.len());
        assert!(parts[0].starts_with("\x1b_Gq=2,a=T,U=1,f=100,i=37,c=10,r=5,m=1;iVBOR"));
        assert!(parts.last().unwrap().starts_with("\x1b_Gm=0;"));
        let data: String = parts
            .iter()
            .map(|part| part.split_once(';').unwrap().1)
            .collect();
        assert_eq!(data, super::super::png(&image));
        assert!(parts.iter().all(|part| part.len() < CHUNK + 80));
    }

    #[test]
    fn the_pixels_come_back() {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let image = RgbaImage::from_fn(90, 70, |x, y| {
            image::Rgba([(x * 2) as u8, (y * 3) as u8, (x * y) as u8, 255])
        });
        let drawing = draw(&image, (9, 4));
        let data: String = drawing
            .split_terminator("\x1b\\")
            .map(|part| part.split_once(';').unwrap().1)
            .collect();
        let decoded = image::load_from_memory(&STANDARD.decode(data).unwrap()).unwrap();
        assert_eq!(decoded.to_rgba8(), image);
    }

    #[test]
    fn there_are_marks_for_every_row() {
        let mut marks = MARKS.to_vec();
        marks.sort_unstable();
        marks.dedup();
        assert_eq!(marks, MARKS, "rising, none twice");
        assert_eq!(placeholder(0, 3), "\u{10eeee}");
    }
}
