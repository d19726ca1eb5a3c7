//! Calendar files of others, as bytes: the server reads them.

use std::io::{ErrorKind, Read as _};
use std::path::Path;

use crate::failure::Failure;

/// The file name that means standard input.
const STANDARD_INPUT: &str = "-";
/// A calendar is never larger.
const FILE_BYTES_MAX: u64 = 10 << 20;

/// Returns what is in a calendar file.
pub fn read(file: &str) -> Result<Vec<u8>, Failure> {
    if ["https://", "http://", "webcal://"].iter().any(|scheme| file.starts_with(scheme)) {
        let hint = "`onduty calendar add NAME ADDRESS` has the server fetch it, again and again";
        return Err(Failure::usage("this is an address, and no file", hint));
    }
    let mut bytes = Vec::new();
    let reading = if file == STANDARD_INPUT {
        std::io::stdin().lock().take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
    };
    reading.map_err(|error| {
        let hint = match error.kind() {
            ErrorKind::NotFound => "calendar programs export a calendar as an .ics file; - reads standard input",
            _ => "name an .ics file that can be read, or - for standard input",
        };
        Failure::io(title(file), error, hint)
    })?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let message = format!("{} is larger than a calendar may be (10 MiB)", title(file));
        return Err(Failure::refused(message, "export a part of it, or a shorter time"));
    }
    if bytes.is_empty() {
        let hint = "export the calendar again: an .ics file begins with BEGIN:VCALENDAR";
        return Err(Failure::refused(format!("{} is empty", title(file)), hint));
    }
    Ok(bytes)
}

/// Returns what a file is called.
pub fn title(file: &str) -> &str {
    if file == STANDARD_INPUT { "standard input" } else { file }
}

/// Returns the name of the calendar in a file: the file's own, without its folder and ending, and without the number
/// that browsers give to a further copy.
pub fn name(file: &str) -> String {
    if file == STANDARD_INPUT {
        return String::new();
    }
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
    let copy = stem.rsplit_once(" (").filter(|(_, number)| {
        let digits = number.strip_suffix(')').unwrap_or_default();
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    });
    copy.map_or(stem.as_ref(), |(name, _)| name).chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_copy_of_a_file_is_the_same_calendar() {
        for file in ["private.ics", "/media/asa/private.ics", "private (1).ics", "./Downloads/private (12).ICS"] {
            assert_eq!(name(file), "private", "{file}");
        }
        assert_eq!(name("trips (all).ics"), "trips (all)");
        assert_eq!(name("trips ().ics"), "trips ()");
        assert_eq!(name("-"), "");
    }
}
