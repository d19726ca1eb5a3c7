//! One call at a time: a service answers each call from the desk of the one who calls.

use tonic::Request;

use crate::access::Visit;
use crate::roster::Desk;

/// A service, which reaches the rosters through a desk only.
pub(super) trait Attend: Sized {
    /// Returns its desk.
    fn desk(&self) -> &Desk;

    /// Returns the service at another desk.
    fn at(&self, desk: Desk) -> Self;

    /// Returns the service as the caller of `asked` may use it: a service at a closed desk not at all, where the call was
    /// not let in.
    fn attending<T>(&self, asked: &Request<T>) -> Self {
        self.at(self.desk().attending(asked.extensions().get::<Visit>()))
    }
}

/// Implements [`Attend`] for services that have their desk in a field and nothing else that a call could change.
macro_rules! attend {
    ($($service:ty: $($field:ident).+;)*) => { $(
        impl $crate::service::attend::Attend for $service {
            fn desk(&self) -> &$crate::roster::Desk {
                &self.$($field).+
            }

            fn at(&self, desk: $crate::roster::Desk) -> Self {
                let mut at = self.clone();
                at.$($field).+ = desk;
                at
            }
        }
    )* };
}
pub(super) use attend;
