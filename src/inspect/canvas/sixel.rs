//! Sixels: bands of six rows of pixels, a colour at a time (VT3xx Graphics Programming, chapter 14). The colours are
//! a cube of 6 × 6 × 6, evened out by an ordered pattern, which costs no search for the best ones.

use std::fmt::Write;

use image::RgbaImage;

use crate::inspect::picture::over_grey;

/// Steps of each of red, green and blue.
const STEPS: u16 = 6;
const COLOURS: usize = 216;

/// Rows of a band.
const BAND: u32 = 6;

/// Bayer's pattern: what is added to a part before it is rounded down, in sixteenths of a step.
const PATTERN: [[u16; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];

pub(super) fn draw(image: &RgbaImage) -> String {
    let (width, height) = image.dimensions();
    // Square pixels, and none of the background where nothing is drawn.
    let mut drawing = format!("\x1bP0;1;0q\"1;1;{width};{height}");
    let mut is_named = [false; COLOURS];
    for top in (0..height).step_by(BAND as usize) {
        draw_band(image, top, &mut is_named, &mut drawing);
        drawing.push('-');
    }
    drawing.push_str("\x1b\\");
    drawing
}

fn draw_band(image: &RgbaImage, top: u32, is_named: &mut [bool; COLOURS], drawing: &mut String) {
    let width = image.width() as usize;
    // For each colour of the band, which of the six pixels of each column have it.
    let mut columns: Vec<Option<Vec<u8>>> = vec![None; COLOURS];
    let bottom = image.height().min(top + BAND);
    for (bit, y) in (top..bottom).enumerate() {
        for x in 0..image.width() {
            let Some(pixel) = image.get_pixel_checked(x, y) else {
                continue;
            };
            let colour = colour_of(over_grey(pixel.0), x, y);
            if let Some(column) = columns
                .get_mut(colour)
                .map(|it| it.get_or_insert_with(|| vec![0; width]))
                .and_then(|it| it.get_mut(x as usize))
            {
                *column |= 1 << bit;
            }
        }
    }
    let used = columns.iter().enumerate();
    for (colour, bits) in used.filter_map(|(colour, bits)| Some((colour, bits.as_ref()?))) {
        name(colour, is_named, drawing);
        run_lengths(bits, drawing);
        // Back to the start of the band.
        drawing.push('$');
    }
}

/// The number of the colour in the cube that stands for a pixel here.
fn colour_of(rgb: [u8; 3], x: u32, y: u32) -> usize {
    let row = PATTERN.get((y % 4) as usize);
    let add = row.and_then(|row| row.get((x % 4) as usize)).copied();
    // `255 / 5` is a step of the cube.
    let step = |part: u8| {
        let wide = u16::from(part) * 16 + add.unwrap_or_default() * 51;
        (wide / (51 * 16)).min(STEPS - 1)
    };
    let [red, green, blue] = rgb.map(step);
    usize::from((red * STEPS + green) * STEPS + blue)
}

/// Chooses a colour; what it is, in hundredths, is said when it is used first.
fn name(colour: usize, is_named: &mut [bool; COLOURS], drawing: &mut String) {
    let steps = usize::from(STEPS);
    let part = |step: usize| step * 100 / (steps - 1);
    // Writing to a String cannot fail.
    let _ = write!(drawing, "#{colour}");
    if let Some(known) = is_named.get_mut(colour).filter(|known| !**known) {
        *known = true;
        let _ = write!(
            drawing,
            ";2;{};{};{}",
            part(colour / (steps * steps)),
            part(colour / steps % steps),
            part(colour % steps)
        );
        let _ = write!(drawing, "#{colour}");
    }
}

/// Columns of six pixels, equal ones counted.
fn run_lengths(bits: &[u8], drawing: &mut String) {
    for run in bits.chunk_by(|one, other| one == other) {
        let letter = char::from(run.first().copied().unwrap_or_default() + b'?');
        if run.len() > 3 {
            // Writing to a String cannot fail.
            let _ = write!(drawing, "!{}{letter}", run.len());
        } else {
            drawing.extend(run.iter().map(|_| letter));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_hold_six_rows_of_one_colour_after_the_other() {
        let image = RgbaImage::from_fn(5, 7, |x, y| {
            let red = image::Rgba([255, 0, 0, 255]);
            let blue = image::Rgba([0, 0, 255, 255]);
            if y == 6 || x == 4 { blue } else { red }
        });
        assert_eq!(
            draw(&image),
            "\x1bP0;1;0q\"1;1;5;7#5;2;0;0;100#5!4?~$#180;2;100;0;0#180!4~?$-#5!5@$-\x1b\\"
        );
    }

    #[test]
    fn what_lies_between_two_colours_is_made_of_both() {
        let colours: Vec<usize> = (0..16)
            .map(|at| colour_of([25, 25, 25], at % 4, at / 4))
            .collect();
        assert!(colours.contains(&0) && colours.contains(&43), "{colours:?}");
        assert_eq!(colour_of([255; 3], 1, 1), 215);
    }

    /// The pixels of a drawing, as a terminal makes them: DEC STD 070, Section 6.
    fn decoded(drawing: &str, (width, height): (u32, u32)) -> Vec<Vec<[u32; 3]>> {
        let body = drawing.strip_prefix("\x1bP0;1;0q").unwrap();
        let body = body.strip_suffix("\x1b\\").unwrap();
        let head = format!("\"1;1;{width};{height}");
        let mut letters = body.strip_prefix(&head).unwrap().chars().peekable();
        let mut pixels = vec![vec![[999; 3]; width as usize]; height as usize];
        let mut colours = std::collections::HashMap::new();
        let (mut colour, mut x, mut top) = (0, 0, 0);
        while let Some(letter) = letters.next() {
            let mut numbers = || {
                let mut text = String::new();
                while let Some(digit) = letters.next_if(|it| it.is_ascii_digit() || *it == ';') {
                    text.push(digit);
                }
                let parts = text.split(';').map(|part| part.parse().unwrap());
                parts.collect::<Vec<u32>>()
            };
            let (times, bits) = match letter {
                '#' => {
                    let given = numbers();
                    colour = given[0];
                    if let [_, 2, red, green, blue] = given[..] {
                        colours.insert(colour, [red, green, blue]);
                    }
                    continue;
                }
                '$' => {
                    x = 0;
                    continue;
                }
                '-' => {
                    (x, top) = (0, top + 6);
                    continue;
                }
                '!' => {
                    let times = numbers()[0];
                    (times, letters.next().unwrap() as u32 - 63)
                }
                letter => (1, letter as u32 - 63),
            };
            let end = x + times as usize;
            for bit in (0..6).filter(|bit| bits & (1 << bit) != 0) {
                pixels[top + bit][x..end].fill(colours[&colour]);
            }
            x = end;
        }
        pixels
    }

    #[test]
    fn the_pixels_come_back_within_a_step_of_the_cube() {
        let image = RgbaImage::from_fn(61, 29, |x, y| {
            image::Rgba([(x * 4) as u8, (y * 8) as u8, ((x + y) * 2) as u8, 255])
        });
        let pixels = decoded(&draw(&image), image.dimensions());
        for (x, y, pixel) in image.enumerate_pixels() {
            let drawn = pixels[y as usize][x as usize];
            for (part, hundredths) in pixel.0.iter().zip(drawn) {
                let sent = u32::from(*part) * 100 / 255;
                assert!(
                    sent.abs_diff(hundredths) <= 21,
                    "{x},{y}: {sent} {hundredths}"
                );
            }
        }
    }
}
