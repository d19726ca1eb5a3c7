//! The one place of this program that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use onduty::civil::Instant;

use crate::failure::Failure;

/// The environment variable that stands in for the clock, for tests and transcripts: an RFC 3339 time.
pub const NOW_VARIABLE: &str = "ONDUTY_NOW";

/// Now, and whether it was stated instead of read.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The instant taken as now, for the whole run.
    pub instant: Instant,
    /// Whether [`NOW_VARIABLE`] stated it. Then questions about now name this instant to the server.
    pub stated: bool,
}

/// Reads the clock, or what stands in for it.
///
/// # Errors
///
/// [`Failure::Usage`] where [`NOW_VARIABLE`] holds no RFC 3339 time.
pub fn now() -> Result<Now, Failure> {
    match std::env::var(NOW_VARIABLE) {
        Ok(text) => {
            let instant = text.parse().map_err(|error| {
                let hint = format!("it is for tests; take it back with `unset {NOW_VARIABLE}`");
                Failure::usage(format!("{NOW_VARIABLE}: {error}"), hint)
            })?;
            Ok(Now { instant, stated: true })
        }
        Err(_) => Ok(Now { instant: read(), stated: false }),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place of the command line that reads the clock")]
fn read() -> Instant {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    Instant::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}
