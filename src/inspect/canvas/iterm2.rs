//! iTerm2's protocol, which WezTerm, Konsole and mintty know too: a file within an OSC sequence.

use image::RgbaImage;

/// The image over so many cells at the most.
pub(super) fn draw(image: &RgbaImage, (columns, rows): (u16, u16)) -> String {
    let data = super::png(image);
    format!(
        "\x1b]1337;File=inline=1;width={columns};height={rows};preserveAspectRatio=1;doNotMoveCursor=1:{data}\x07"
    )
}
