//! How many columns there are to write in.

use std::io::IsTerminal as _;

/// The columns of a page where the terminal does not say how many it has.
const DEFAULT: usize = 80;
/// Fewer columns are not believed, and more are not used.
const RANGE: std::ops::RangeInclusive<usize> = 40..=160;

/// Returns the columns of standard output.
pub fn output() -> usize {
    columns(std::io::stdout().is_terminal())
}

/// Returns the columns of standard error.
pub fn errors() -> usize {
    columns(std::io::stderr().is_terminal())
}

fn columns(terminal: bool) -> usize {
    let stated = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = terminal.then(|| terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0)));
    terminal.flatten().or(stated).unwrap_or(DEFAULT).clamp(*RANGE.start(), *RANGE.end())
}
