//! Why something was not fetched, in words for whoever gave its address.

use std::time::Duration;

use http::StatusCode;

use super::address::AddressError;

/// Why something was not fetched.
///
/// What it says is one line. It names the host and never the rest of the address, nor anything that was sent.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FetchError {
    /// No number stands for the host's name, or none was told.
    #[error("{host} was not found; look whether the name is right")]
    Unknown {
        /// The host.
        host: String,
    },
    /// The host is where not everybody can reach it.
    #[error(
        "{host} is not open to everybody, and nothing is fetched from inside networks; whoever runs this server can \
         allow it"
    )]
    Inside {
        /// The host.
        host: String,
    },
    /// No connection was made.
    #[error("{host} could not be reached: {why}")]
    Unreachable {
        /// The host.
        host: String,
        /// What happened.
        why: String,
    },
    /// The host did not show that it is the one that was asked for.
    #[error("{host} cannot be trusted: {why}")]
    Untrusted {
        /// The host.
        host: String,
        /// What is wrong with what it showed.
        why: String,
    },
    /// This machine knows no authorities.
    #[error(
        "no certificates of authorities were found on this server, so that no host can be trusted; install its \
         system's (ca-certificates), or name a file of them in SSL_CERT_FILE"
    )]
    NoAuthorities,
    /// It took too long.
    #[error("{host} did not send all of it within {seconds} s")]
    Slow {
        /// The host that was asked first.
        host: String,
        /// How long it may take.
        seconds: u64,
    },
    /// One answer led to another, too often.
    #[error("{host} leads from one address to the next, more than {max} times")]
    Redirects {
        /// The host that was asked last.
        host: String,
        /// How often it may.
        max: usize,
    },
    /// An answer leads where it is not followed.
    #[error("{host} leads to another address, which is not followed: {why}")]
    Redirect {
        /// The host.
        host: String,
        /// What is wrong with where it leads.
        why: AddressError,
    },
    /// An answer leads out of TLS.
    #[error("{host} leads from https to http, where anybody on the way could read along; it is not followed")]
    Downgrade {
        /// The host.
        host: String,
    },
    /// There is nothing at the address (404, 410).
    #[error("{host} answered {status}: there is nothing at this address any more, or never was; look for a new one")]
    Gone {
        /// The host.
        host: String,
        /// The status.
        status: u16,
    },
    /// It is not for everybody who knows the address (401, 403).
    #[error(
        "{host} answered {status}: it gives this only to those who log in; look for an address that needs no login"
    )]
    Refused {
        /// The host.
        host: String,
        /// The status.
        status: u16,
    },
    /// The host has too much to do (429, 503).
    #[error("{host} answered {status}: it is asked too much, or not available now")]
    Busy {
        /// The host.
        host: String,
        /// The status.
        status: u16,
        /// How long it wants to be left alone, from then on, if it says so; it may say anything.
        retry_after: Option<Duration>,
    },
    /// The host answered something else.
    #[error("{host} answered {status}{}", named(*.status))]
    Status {
        /// The host.
        host: String,
        /// The status.
        status: u16,
    },
    /// The headers are too many or too large.
    #[error("{host} sent more headers than are read")]
    Headers {
        /// The host.
        host: String,
    },
    /// The body is too large.
    #[error("{host} sent more than {max} bytes, which is the most that is read")]
    Large {
        /// The host.
        host: String,
        /// The most bytes, uncompressed.
        max: usize,
    },
    /// The answer ended too early, or is none.
    #[error("{host} broke off before the end of its answer, or sent something that is no answer")]
    Broken {
        /// The host.
        host: String,
    },
    /// The body is packed in a way that was not asked for, or not as it says.
    #[error("{host} sent something compressed that cannot be read")]
    Packed {
        /// The host.
        host: String,
    },
}

impl FetchError {
    /// Tells whether the same may be fetched soon, although nobody has done anything about it.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unknown { .. }
            | Self::Unreachable { .. }
            | Self::Slow { .. }
            | Self::Busy { .. }
            | Self::Broken { .. }
            | Self::Packed { .. } => true,
            Self::Status { status, .. } => *status >= 500 || *status == 408,
            Self::Inside { .. }
            | Self::Untrusted { .. }
            | Self::NoAuthorities
            | Self::Redirects { .. }
            | Self::Redirect { .. }
            | Self::Downgrade { .. }
            | Self::Gone { .. }
            | Self::Refused { .. }
            | Self::Headers { .. }
            | Self::Large { .. } => false,
        }
    }

    /// Returns how long the host wants to be left alone, if it says so; it may say anything.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// What a status is called, behind a colon; nothing where it has no name of its own.
fn named(status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    reason.map(|reason| format!(": {reason}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_called_by_its_name() {
        let told = |status| FetchError::Status { host: "a.example".to_owned(), status }.to_string();
        assert_eq!(told(500), "a.example answered 500: Internal Server Error");
        assert_eq!(told(299), "a.example answered 299");
    }

    #[test]
    fn what_somebody_has_to_mend_is_not_tried_again_soon() {
        let host = || "a.example".to_owned();
        let passing = |status| FetchError::Status { host: host(), status }.is_passing();
        assert!(passing(500) && passing(408) && passing(502) && !passing(400) && !passing(204));
        assert!(FetchError::Unknown { host: host() }.is_passing());
        assert!(!FetchError::Gone { host: host(), status: 404 }.is_passing());
        let wait = Some(Duration::from_secs(9));
        assert_eq!(FetchError::Busy { host: host(), status: 429, retry_after: wait }.retry_after(), wait);
        assert_eq!(FetchError::Unknown { host: host() }.retry_after(), None);
    }
}
