//! The bundled roster: the developers in residence of the Python Software Foundation.

/// The form with two residents, whose dated entries are [shifted](super::file::RosterFile::shifted) to today.
pub const PSF: &str = include_str!("demo/psf.toml");

/// The form with one resident; it has no dated entries.
pub const PSF_SOLO: &str = include_str!("demo/psf-solo.toml");
