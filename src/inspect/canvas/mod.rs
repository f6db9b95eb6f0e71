//! Images as the terminal itself draws them, where it can: by the graphics protocol of kitty, by that of
//! iTerm2, or as sixels. What is made here is text with escape sequences, once for each layout; a view only puts
//! it into cells.

mod iterm2;
mod kitty;
mod sixel;

use std::borrow::Cow;

use image::RgbaImage;

/// How a terminal takes an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// <https://sw.kovidgoyal.net/kitty/graphics-protocol/>
    Kitty,
    /// <https://iterm2.com/documentation-images.html>
    Iterm2,
    /// DEC's graphics for printers and terminals, as the VT340 has them.
    Sixel,
}

impl Protocol {
    /// By its name in settings.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "kitty" => Self::Kitty,
            "iterm2" => Self::Iterm2,
            "sixel" => Self::Sixel,
            _ => return None,
        })
    }
}

/// What images are drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canvas {
    pub protocol: Protocol,
    /// Columns and rows of pixels that a cell of the terminal has.
    pub cell: (u16, u16),
    /// Rows of cells that are seen at once: a terminal's image cannot be cut off.
    pub rows: u16,
}

/// An image for the terminal, over so many cells.
#[derive(Debug, PartialEq, Eq)]
pub struct Graphic {
    pub columns: u16,
    pub rows: u16,
    protocol: Protocol,
    /// The whole image.
    drawing: String,
}

/// What one cell under an image is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Under<'a> {
    /// This text, in the colour of this number of the palette where one is given.
    Text(Cow<'a, str>, Option<u8>),
    /// The terminal draws there by itself.
    Drawn,
}

impl Graphic {
    /// Draws an image, made to fit, over so many cells.
    pub(super) fn new(image: &RgbaImage, canvas: Canvas, (columns, rows): (u16, u16)) -> Self {
        let room = (
            u32::from(columns) * u32::from(canvas.cell.0.max(1)),
            u32::from(rows) * u32::from(canvas.cell.1.max(1)),
        );
        let fitted = fit(image, room);
        Self {
            columns,
            rows,
            protocol: canvas.protocol,
            drawing: match canvas.protocol {
                Protocol::Kitty => kitty::draw(&fitted, (columns, rows)),
                Protocol::Iterm2 => kept_in_place(&iterm2::draw(&fitted, (columns, rows))),
                Protocol::Sixel => kept_in_place(&sixel::draw(&fitted)),
            },
        }
    }

    /// What the cell in this row and column is, counted from 0.
    pub fn cell(&self, row: u16, column: u16) -> Under<'_> {
        let is_first = (row, column) == (0, 0);
        match self.protocol {
            Protocol::Kitty => {
                let mark = kitty::placeholder(row, column);
                let text = if is_first {
                    format!("{}{mark}", self.drawing).into()
                } else {
                    mark
                };
                Under::Text(text, Some(kitty::IMAGE))
            }
            Protocol::Iterm2 | Protocol::Sixel if is_first => {
                Under::Text(self.drawing.as_str().into(), None)
            }
            Protocol::Iterm2 | Protocol::Sixel => Under::Drawn,
        }
    }
}

/// As large as the room allows, its sides in proportion.
fn fit(image: &RgbaImage, (columns, rows): (u32, u32)) -> RgbaImage {
    let (width, height) = image.dimensions();
    let by = f64::min(
        f64::from(columns) / f64::from(width.max(1)),
        f64::from(rows) / f64::from(height.max(1)),
    );
    let scaled = |side: u32| ((f64::from(side) * by) as u32).max(1);
    let (width, height) = (scaled(width), scaled(height));
    if by < 1.0 {
        image::imageops::thumbnail(image, width, height)
    } else {
        // The pixels of a small image are to be seen.
        image::imageops::resize(image, width, height, image::imageops::FilterType::Nearest)
    }
}

/// A drawing after which the cursor is where a single letter would have left it.
fn kept_in_place(drawing: &str) -> String {
    format!("\x1b7{drawing}\x1b8\x1b[C")
}

/// The image as PNG, in Base64.
fn png(image: &RgbaImage) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut bytes = std::io::Cursor::new(Vec::new());
    // Writing into memory does not fail, and every image of this kind is a PNG.
    let _ = image.write_to(&mut bytes, image::ImageFormat::Png);
    STANDARD.encode(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(width: u32, height: u32) -> RgbaImage {
        RgbaImage::from_pixel(width, height, image::Rgba([255, 0, 0, 255]))
    }

    #[test]
    fn an_image_fills_its_room_in_proportion() {
        assert_eq!(fit(&image(10, 10), (80, 32)).dimensions(), (32, 32));
        assert_eq!(fit(&image(1000, 10), (80, 32)).dimensions(), (80, 1));
        assert_eq!(fit(&image(1, 1000), (8, 16)).dimensions(), (1, 16));
    }

    #[test]
    fn each_protocol_leaves_its_cells_to_the_terminal() {
        let graphic = |protocol| {
            let canvas = Canvas {
                protocol,
                cell: (8, 16),
                rows: 9,
            };
            Graphic::new(&image(20, 20), canvas, (4, 2))
        };
        for protocol in [Protocol::Iterm2, Protocol::Sixel] {
            let drawn = graphic(protocol);
            let Under::Text(text, None) = drawn.cell(0, 0) else {
                panic!("{protocol:?} draws in its first cell");
            };
            assert!(text.starts_with("\x1b7\x1b") && text.ends_with("\x1b8\x1b[C"));
            assert_eq!(drawn.cell(0, 1), Under::Drawn);
            assert_eq!(drawn.cell(1, 0), Under::Drawn);
        }
        let kitty = graphic(Protocol::Kitty);
        let Under::Text(text, Some(_)) = kitty.cell(0, 0) else {
            panic!("kitty draws by letters");
        };
        assert!(text.starts_with("\x1b_G") && text.contains('\u{10eeee}'));
        assert_eq!(
            kitty.cell(1, 0),
            Under::Text("\u{10eeee}\u{30d}\u{305}".into(), Some(kitty::IMAGE))
        );
    }
}
