//! What is read of small files in the manner of the programs that people use, and of odd ones.

use std::path::PathBuf;

use super::support::{How, holidays_told};
use crate::civil::Date;
use crate::ical::import::Which;

/// The files, by name.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/calendars");
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn files_of_many_programs_are_read() {
    let (first, last) = (Date::constant(2026, 1, 1), Date::constant(2026, 12, 31));
    for (name, bytes) in files() {
        let usual = How::of(Which::AllDay).told(&bytes);
        let every = How::default().told(&bytes);
        let holidays = holidays_told(&bytes, first, last);
        insta::assert_snapshot!(name, format!("usual: {usual}\nevery: {every}\nholidays: {holidays}"));
    }
}
