//! Addresses as QR codes, for the camera of a telephone.

use anstyle::{AnsiColor, Style};
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

use crate::failure::Failure;
use crate::show::styled;

/// Black on white, whatever colors the terminal has: inverted codes are not read by every camera.
const PAPER: Style = Style::new()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Black)))
    .bg_color(Some(anstyle::Color::Ansi(AnsiColor::BrightWhite)));

/// Returns `text` as a QR code (ISO/IEC 18004) with its quiet zone, two rows of modules a line.
///
/// The lowest level of error correction is enough for a screen and keeps the code small: an address of 256 characters,
/// the longest that calendar programs take, has 61 modules and fits a terminal.
///
/// # Errors
///
/// [`Failure::Refused`] for a text that is too long for a QR code.
pub fn code(text: &str) -> Result<String, Failure> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).map_err(|error| {
        Failure::refused(format!("the address does not fit a QR code: {error}"), "copy it as text instead")
    })?;
    let drawn = code.render::<Dense1x2>().dark_color(Dense1x2::Dark).light_color(Dense1x2::Light).build();
    let inked = drawn.lines().map(|line| styled(PAPER, line));
    Ok(inked.map(|line| line + "\n").collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_address_fits_a_terminal() {
        let address = format!("webcal://{}", "a".repeat(247));
        let drawn = anstream::adapter::strip_str(&code(&address).unwrap()).to_string();
        let widths: Vec<usize> = drawn.lines().map(|line| line.chars().count()).collect();
        assert!(widths.len() <= 40 && widths.iter().all(|width| *width == widths[0] && *width <= 80), "{widths:?}");
    }

    /// Whether each module is dark, row by row, of a code as it is drawn.
    fn modules(drawn: &str) -> Vec<Vec<bool>> {
        let rows = drawn.lines().flat_map(|line| {
            let upper = line.chars().map(|block| matches!(block, '█' | '▀')).collect();
            let lower = line.chars().map(|block| matches!(block, '█' | '▄')).collect();
            [upper, lower]
        });
        rows.collect()
    }

    #[test]
    fn a_camera_reads_the_address() {
        const SIDE: usize = 4;
        for address in ["webcal://127.0.0.1:7373/feeds/psf/on-duty.ics", &format!("webcal://{}", "x7/".repeat(82))] {
            let drawn = anstream::adapter::strip_str(&code(address).unwrap()).to_string();
            let modules = modules(&drawn);
            let (width, height) = (modules[0].len() * SIDE, modules.len() * SIDE);
            let shade = |x: usize, y: usize| if modules[y / SIDE][x / SIDE] { 0 } else { 255 };
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, shade);
            let found: Vec<String> = image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect();
            assert_eq!(found, [address]);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(code(&"a".repeat(4_000)).is_err());
    }
}
