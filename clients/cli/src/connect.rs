//! The connection to a server, and calls that are safe to repeat.

use std::time::Duration;

use onduty::proto::v1::calendar_service_client::CalendarServiceClient;
use onduty::proto::v1::change_service_client::ChangeServiceClient;
use onduty::proto::v1::duty_service_client::DutyServiceClient;
use onduty::proto::v1::feed_service_client::FeedServiceClient;
use onduty::proto::v1::handoff_note_service_client::HandoffNoteServiceClient;
use onduty::proto::v1::holiday_set_service_client::HolidaySetServiceClient;
use onduty::proto::v1::on_duty_service_client::OnDutyServiceClient;
use onduty::proto::v1::override_service_client::OverrideServiceClient;
use onduty::proto::v1::report_service_client::ReportServiceClient;
use onduty::proto::v1::resident_service_client::ResidentServiceClient;
use onduty::proto::v1::roster_service_client::RosterServiceClient;
use onduty::proto::v1::server_service_client::ServerServiceClient;
use onduty::proto::v1::swap_service_client::SwapServiceClient;
use onduty::proto::v1::task_service_client::TaskServiceClient;
use onduty::proto::v1::team_service_client::TeamServiceClient;
use onduty::proto::v1::time_off_service_client::TimeOffServiceClient;
use onduty::proto::v1::token_service_client::TokenServiceClient;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status};

use crate::failure::Failure;
use crate::profile::Account;
use crate::trust::TrustArgs;

/// How long a server may take to accept a connection.
const CONNECT_SECONDS: u64 = 5;
/// The way out where a server's address is none.
const SERVER_HINT: &str = "a server's address is like http://127.0.0.1:7373 or https://duty.example.org";
/// How long one call may take.
const CALL_SECONDS: u64 = 60;
/// The largest answer that is read: long windows of large teams are far below it.
const ANSWER_BYTES_MAX: usize = 64 << 20;
/// How long to wait before each repetition of a call that the server was not available for.
const RETRY_PAUSES_MILLISECONDS: [u64; 3] = [150, 400, 1_000];
/// How many entries one page holds.
pub const PAGE_SIZE: i32 = 500;

/// An open connection to one server.
#[derive(Clone, Debug)]
pub struct Connection {
    channel: Channel,
    bearer: Bearer,
}

/// Shows a token with each call, where there is one.
#[derive(Clone)]
pub struct Bearer(Option<MetadataValue<Ascii>>);

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer")
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(shown) = &self.0 {
            request.metadata_mut().insert("authorization", shown.clone());
        }
        Ok(request)
    }
}

impl Bearer {
    fn of(token: Option<&str>) -> Result<Self, Failure> {
        let Some(token) = token else { return Ok(Self(None)) };
        let mut shown: MetadataValue<Ascii> = format!("Bearer {token}").parse().map_err(|_| {
            Failure::usage("the token has characters that no token has", "log in again: `onduty login`")
        })?;
        shown.set_sensitive(true);
        Ok(Self(Some(shown)))
    }
}

/// Writes one method for each service, which gives its client.
macro_rules! services {
    ($($service:ident: $client:ident),* $(,)?) => {
        impl Connection {
            $(
                #[doc = concat!("Returns a `", stringify!($client), "`.")]
                pub fn $service(&self) -> $client<InterceptedService<Channel, Bearer>> {
                    $client::with_interceptor(self.channel.clone(), self.bearer.clone()).max_decoding_message_size(ANSWER_BYTES_MAX)
                }
            )*
        }
    };
}

services! {
    calendars: CalendarServiceClient,
    changes: ChangeServiceClient,
    duties: DutyServiceClient,
    feeds: FeedServiceClient,
    handoff_notes: HandoffNoteServiceClient,
    holiday_sets: HolidaySetServiceClient,
    on_duty: OnDutyServiceClient,
    overrides: OverrideServiceClient,
    reports: ReportServiceClient,
    residents: ResidentServiceClient,
    roster: RosterServiceClient,
    server: ServerServiceClient,
    swaps: SwapServiceClient,
    tasks: TaskServiceClient,
    teams: TeamServiceClient,
    time_off: TimeOffServiceClient,
    tokens: TokenServiceClient,
}

impl Connection {
    /// Opens a connection to the server of `account` and shows its token with each call.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] where `server` is no such URL, [`Failure::Unreachable`] where nobody answers there, and those
    /// of [`TrustArgs::config`].
    pub async fn open(account: &Account, trust: &TrustArgs) -> Result<Self, Failure> {
        let (server, bearer) = (account.server.clone(), Bearer::of(account.token.as_deref())?);
        let secure = server.starts_with("https://");
        if !secure && !server.starts_with("http://") {
            let message = format!("--server '{server}': this program speaks http:// and https:// only");
            return Err(Failure::usage(message, SERVER_HINT));
        }
        let mut endpoint = Endpoint::from_shared(server.clone())
            .map_err(|error| Failure::usage(format!("--server '{server}': {error}"), SERVER_HINT))?
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
            .timeout(Duration::from_secs(CALL_SECONDS));
        if secure {
            endpoint = endpoint.tls_config(trust.config()?).map_err(|error| {
                let message = format!("TLS cannot be set up: {}", root_cause(&error));
                Failure::refused(message, "see to the files of --ca, --client-cert and --client-key")
            })?;
        }
        match endpoint.connect().await {
            Ok(channel) => Ok(Self { channel, bearer }),
            Err(error) => Err(Failure::Unreachable { server, cause: root_cause(&error) }),
        }
    }
}

impl Connection {
    /// Tells whether calls show a token: who shows none works in no team.
    pub fn shows_token(&self) -> bool {
        self.bearer.0.is_some()
    }
}

/// Returns the server's URL with a scheme and without a slash at its end.
pub fn url(server: &str) -> String {
    let server = server.trim().trim_end_matches('/');
    if server.contains("://") { server.to_owned() } else { format!("http://{server}") }
}

/// Returns what is behind all that an error says.
pub fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// Makes a call and, while the server is not available, repeats it a few times.
///
/// That is safe: a read changes nothing, and a write carries a request id, which the server answers once.
///
/// # Errors
///
/// [`Failure::Status`] with the last answer.
pub async fn retried<Asked: Clone, Answer>(
    request: &Asked,
    call: impl AsyncFn(Asked) -> Result<Response<Answer>, Status>,
) -> Result<Answer, Failure> {
    let mut pauses = RETRY_PAUSES_MILLISECONDS.iter();
    loop {
        match (call(request.clone()).await, pauses.next()) {
            (Ok(answer), _) => return Ok(answer.into_inner()),
            (Err(status), Some(pause)) if status.code() == Code::Unavailable => wait(*pause).await,
            (Err(status), _) => return Err(status.into()),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a pause before asking again waits for nothing that could be awaited")]
async fn wait(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

/// Returns a new request id, by which a repeated write has no second effect.
pub fn request_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Makes one call: `call!(session, duties.get_duty, request)` is a `Result` of the answer.
macro_rules! call {
    ($session:expr, $service:ident.$method:ident, $request:expr) => {
        $crate::connect::retried(&$request, async |request| $session.connection.$service().$method(request).await).await
    };
}

/// Reads all pages of a list into one answer: `list!(session, duties.list_duties, request, duties)`.
macro_rules! list {
    ($session:expr, $service:ident.$method:ident, $request:expr, $items:ident) => {{
        let mut request = $request;
        request.page_size = $crate::connect::PAGE_SIZE;
        let mut answer = $crate::connect::call!($session, $service.$method, request)?;
        while !answer.next_page_token.is_empty() {
            request.page_token = std::mem::take(&mut answer.next_page_token);
            let mut page = $crate::connect::call!($session, $service.$method, request)?;
            answer.$items.append(&mut page.$items);
            answer.next_page_token = page.next_page_token;
        }
        answer
    }};
}

pub(crate) use {call, list};

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_server_without_a_scheme_is_http() {
        assert_eq!(url("127.0.0.1:7373/"), "http://127.0.0.1:7373");
        assert_eq!(url("https://duty.example.org"), "https://duty.example.org");
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_is_repeated_only_while_the_server_is_not_available() {
        let calls = Cell::new(0);
        let answer = retried(&(), async |()| {
            calls.set(calls.get() + 1);
            if calls.get() < 3 { Err(Status::unavailable("starting")) } else { Ok(Response::new(calls.get())) }
        });
        assert_eq!(answer.await.ok(), Some(3));

        let calls = Cell::new(0);
        let answer = retried(&(), async |()| {
            calls.set(calls.get() + 1);
            Err::<Response<()>, _>(Status::aborted("changed"))
        });
        assert!(answer.await.is_err());
        assert_eq!(calls.get(), 1);
    }

    #[test]
    fn request_ids_are_fresh() {
        assert_ne!(request_id(), request_id());
    }
}
