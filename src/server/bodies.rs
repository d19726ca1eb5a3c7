//! The bodies of requests: each no longer than is taken, and not too many bytes of them at a time.

use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::pool::Share;
use super::refusals::{self, Reason, Refusals};

/// How long a request's message, or body, may be.
pub(super) const REQUEST_BYTES_MAX: usize = 4 << 20;
/// How long it may be where a calendar is in it: 10 MiB, and room for the other fields.
pub(super) const CALENDAR_REQUEST_BYTES_MAX: usize = (10 << 20) + (64 << 10);
/// Methods that take a calendar.
const CALENDARS: [&str; 2] = ["/onduty.v1.HolidaySetService/ImportHolidays", "/onduty.v1.TimeOffService/ImportTimeOff"];
/// How many bytes stand before each message of gRPC: a flag, and the length.
const PREFIX: usize = 5;

/// Returns how long a request's message, or body, may be, by the request's path.
pub(super) fn bytes_max(path: &str) -> usize {
    if CALENDARS.contains(&path) { CALENDAR_REQUEST_BYTES_MAX } else { REQUEST_BYTES_MAX }
}

/// The body of a request, up to a limit.
pub(super) struct Bounded {
    body: Body,
    left: Left,
    /// How long a message may be.
    limit: usize,
    share: Share,
    refusals: Refusals,
    client: IpAddr,
}

/// What may still come.
enum Left {
    /// So many bytes.
    Bytes(usize),
    /// The rest of a prefix of gRPC, of which so many bytes are known.
    Prefix([u8; PREFIX], usize),
    /// The rest of a message of gRPC.
    Message(usize),
}

impl Left {
    /// Goes on by some bytes. Tells how many of the last are of a message that is not over, or that it is too long.
    fn after(&mut self, mut data: &[u8], held: usize, limit: usize) -> Result<usize, Reason> {
        let mut held = held + data.len();
        while !data.is_empty() {
            match self {
                Self::Bytes(left) => {
                    *left = left.checked_sub(data.len()).ok_or(Reason::RequestBytes)?;
                    return Ok(held);
                }
                Self::Prefix(prefix, known) => {
                    let Some((byte, rest)) = data.split_first() else { break };
                    if let Some(place) = prefix.get_mut(*known) {
                        *place = *byte;
                    }
                    (*known, data) = (*known + 1, rest);
                    if *known == PREFIX {
                        let [_, length @ ..] = *prefix;
                        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
                        if length > limit {
                            return Err(Reason::RequestBytes);
                        }
                        *self = Self::Message(length);
                    }
                }
                Self::Message(left) => {
                    let (_, rest) = data.split_at(data.len().min(*left));
                    (*left, data) = (*left - (data.len() - rest.len()), rest);
                }
            }
            if matches!(self, Self::Message(0)) {
                (*self, held) = (Self::Prefix([0; PREFIX], 0), data.len());
            }
        }
        Ok(held)
    }
}

impl Bounded {
    /// Bounds a body, or each of its messages, to `limit` bytes; `share` is what its sender may have on the way.
    pub(super) fn new(
        body: Body,
        (is_grpc, limit): (bool, usize),
        share: Share,
        refusals: Refusals,
        client: IpAddr,
    ) -> Self {
        let left = if is_grpc { Left::Prefix([0; PREFIX], 0) } else { Left::Bytes(limit) };
        Self { body, left, limit, share, refusals, client }
    }

    fn admit(&mut self, data: &[u8]) -> Result<(), Reason> {
        let held = self.left.after(data, self.share.amount(), self.limit)?;
        self.share.set(held).map_err(|_| Reason::BytesInFlight)
    }
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
            && let Err(reason) = self.admit(data)
        {
            self.refusals.note(reason, self.client);
            return Poll::Ready(Some(Err(axum::Error::new(refusals::status(reason)))));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(length: usize) -> Vec<u8> {
        [&[0][..], &u32::try_from(length).unwrap().to_be_bytes(), &vec![7; length]].concat()
    }

    #[test]
    fn messages_are_told_apart_however_they_are_cut() {
        let data = [message(0), message(3), message(300), message(2)].concat();
        for cut in [1, 2, 4, 5, 7, 100, data.len()] {
            let (mut left, mut held) = (Left::Prefix([0; PREFIX], 0), 0);
            for piece in data.chunks(cut) {
                held = left.after(piece, held, REQUEST_BYTES_MAX).unwrap();
                assert!(held <= 305 + cut, "{cut}: {held}");
            }
            assert_eq!(held, 0, "{cut}");
            assert_eq!(left.after(&message(9)[..8], 0, REQUEST_BYTES_MAX), Ok(8));
        }
    }

    #[test]
    fn a_message_that_says_it_is_too_long_is_refused_before_it_comes() {
        let prefix = |length: u32| [&[0][..], &length.to_be_bytes()].concat();
        let limit = u32::try_from(REQUEST_BYTES_MAX).unwrap();
        assert_eq!(Left::Prefix([0; PREFIX], 0).after(&prefix(limit), 0, REQUEST_BYTES_MAX), Ok(PREFIX));
        assert_eq!(
            Left::Prefix([0; PREFIX], 0).after(&prefix(limit + 1), 0, REQUEST_BYTES_MAX),
            Err(Reason::RequestBytes)
        );
        assert_eq!(
            Left::Prefix([0; PREFIX], 0).after(&prefix(u32::MAX), 0, REQUEST_BYTES_MAX),
            Err(Reason::RequestBytes)
        );
    }

    #[test]
    fn a_body_of_another_kind_has_as_many_bytes_at_most() {
        let mut left = Left::Bytes(10);
        assert_eq!((left.after(&[0; 6], 0, 0), left.after(&[0; 4], 6, 0)), (Ok(6), Ok(10)));
        assert_eq!(left.after(&[0; 1], 10, 0), Err(Reason::RequestBytes));
    }

    #[test]
    fn what_takes_a_calendar_takes_10_mib_and_is_a_method() {
        for path in CALENDARS {
            assert!(bytes_max(path) > 10 << 20);
            assert!(crate::proto::NEEDS.iter().any(|(known, _)| *known == path), "{path}");
        }
        assert_eq!(bytes_max("/onduty.v1.TimeOffService/ListTimeOff"), REQUEST_BYTES_MAX);
    }
}
