//! What the calls that change configured objects have in common: a date, a request id, and whether only to check.

use pbjson_types::Timestamp;
use prost::Message;

use super::convert::time::whole_instant;
use super::request::{Fields, read_request_id, request_of};
use crate::civil::Instant;
use crate::proto::v1;
use crate::roster::{Dated, Request};

/// A request message that changes a configured object.
pub trait Mutating: Message {
    /// What it does, for the log.
    const TITLE: &'static str;

    /// Takes the request id out of it: a retry and its first call are the same without.
    fn take_request_id(&mut self) -> String;

    /// Returns from when it is in effect, and what it may overwrite.
    fn dates(&self) -> (Option<&Timestamp>, bool, bool);

    /// Tells whether only to check.
    fn validate_only(&self) -> bool;
}

macro_rules! mutating {
    ($($message:ident $title:literal,)*) => { $(
        impl Mutating for v1::$message {
            const TITLE: &'static str = $title;

            fn take_request_id(&mut self) -> String {
                std::mem::take(&mut self.request_id)
            }

            fn dates(&self) -> (Option<&Timestamp>, bool, bool) {
                (self.effective_time.as_ref(), self.correction, self.replace_later)
            }

            fn validate_only(&self) -> bool {
                self.validate_only
            }
        }
    )* };
}

mutating! {
    CreateTeamRequest "create a team",
    UpdateTeamRequest "change a team",
    DeleteTeamRequest "end a team",
    CreateResidentRequest "create a resident",
    UpdateResidentRequest "change a resident",
    DeleteResidentRequest "end a resident",
    CreateDutyRequest "create a duty",
    UpdateDutyRequest "change a duty",
    DeleteDutyRequest "end a duty",
    CreateHolidaySetRequest "create a holiday set",
    UpdateHolidaySetRequest "change a holiday set",
    DeleteHolidaySetRequest "end a holiday set",
    ImportHolidaysRequest "import holidays",
}

/// A call that changes a configured object, read as far as it is like every other.
pub struct Call {
    /// What is wrong with it so far.
    pub wrong: Fields,
    /// From when it is in effect, and what it may overwrite.
    pub dated: Dated,
    /// The request.
    pub request: Request,
}

impl Call {
    /// Reads a call; what is wrong with it is collected, and a call with anything wrong changes nothing.
    pub fn read<R: Mutating>(mut asked: R) -> (Self, R) {
        let mut wrong = Fields::default();
        let id = asked.take_request_id();
        let validate_only = asked.validate_only();
        let (id, refusal) = read_request_id(&id);
        wrong.take(refusal);
        let request = request_of(&asked, id, R::TITLE.to_owned(), validate_only);
        let (effective, correction, replace_later) = asked.dates();
        let effective: Option<Instant> = effective.and_then(|at| wrong.take(whole_instant("effective_time", at)));
        let dated = Dated { effective, correction, replace_later };
        (Self { wrong, dated, request }, asked)
    }
}
