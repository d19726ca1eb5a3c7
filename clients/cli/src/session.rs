//! One run of the program: the connection, the viewer, and where answers go.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write as _};
use std::sync::Arc;

use onduty::civil::{Instant, Zone, ZoneRules};
use onduty::proto::google_type::Interval;
use onduty::proto::v1::{GetCallerRequest, ListResidentsRequest, ListResidentsResponse, ListTeamsRequest};
use pbjson_types::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::args::{Globals, Output, Window};
use crate::clock::{self, Now};
use crate::connect::{Connection, call, list};
use crate::failure::{self, Failure};
use crate::profile::{Account, PROFILE_DEFAULT, Places};
use crate::show::View;
use crate::times::Times;
use crate::{columns, names, spans};

/// The way out where a zone is none.
const ZONE_HINT: &str = "say your zone with --tz: IANA names such as Europe/Warsaw, America/Toronto or UTC";
/// The way out of what must not happen.
pub const FAULT: &str = "this is a fault of this program; compare versions with `onduty info`";
/// The server that is asked where none is stated.
pub const SERVER_DEFAULT: &str = "http://127.0.0.1:7373";

/// One run of the program.
#[derive(Debug)]
pub struct Session {
    /// The connection to the server.
    pub connection: Connection,
    /// The server's URL.
    pub server: String,
    /// What stated times are read against.
    pub times: Times,
    /// The zone that `--tz` names, if it does.
    pub stated_zone: Option<String>,
    /// The version of the zone rules by which local times are read and shown.
    pub rules_version: String,
    now: Now,
    output: Output,
    stated_team: Option<String>,
    /// How a command to type begins.
    pub program: String,
    team: OnceCell<String>,
}

impl Session {
    /// Settles zone and clock, and opens the connection.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] where an option makes no sense, [`Failure::Unreachable`] where nobody answers.
    pub async fn open(globals: Globals) -> Result<Self, Failure> {
        let stated = (globals.profile.as_str(), globals.server.as_deref(), globals.team.as_deref());
        let account = Account::settle(&Places::of_environment(), stated, std::env::var("ONDUTY_TOKEN").ok(), false)?;
        Self::open_as(globals, account).await
    }

    /// Settles zone and clock, and opens the connection of an account.
    ///
    /// # Errors
    ///
    /// As [`Session::open`].
    pub async fn open_as(globals: Globals, account: Account) -> Result<Self, Failure> {
        let now = clock::now()?;
        let rules = ZoneRules::bundled().map_err(|error| Failure::refused(error.to_string(), FAULT))?;
        let zone = viewers_zone(&rules, globals.tz.as_deref())?;
        let program = program(&globals);
        let connection = Connection::open(&account, &globals.trust).await?;
        Ok(Self {
            connection,
            server: account.server,
            times: Times { zone, now: now.instant },
            rules_version: rules.version().to_owned(),
            now,
            output: globals.output,
            program,
            stated_zone: globals.tz,
            stated_team: account.team,
            team: OnceCell::new(),
        })
    }

    /// Returns the team's name: the stated one, or else the only one there is, or that of the caller's token.
    ///
    /// # Errors
    ///
    /// [`Failure::Refused`] where none is stated and there is not exactly one.
    pub async fn team(&self) -> Result<&str, Failure> {
        self.team.get_or_try_init(|| self.find_team()).await.map(String::as_str)
    }

    async fn find_team(&self) -> Result<String, Failure> {
        if let Some(team) = &self.stated_team {
            return Ok(names::team(team));
        }
        let request = ListTeamsRequest::default();
        let answer = list!(self, teams.list_teams, request, teams);
        match answer.teams.as_slice() {
            [team] => Ok(team.name.clone()),
            [] => Err(Failure::refused("the server has no team", "make one with `onduty apply FILE`")),
            several => {
                let caller = call!(self, tokens.get_caller, GetCallerRequest {})?;
                if !caller.team.is_empty() {
                    return Ok(caller.team);
                }
                let ids = several.iter().map(|team| names::id(&team.name)).take(20).collect::<Vec<_>>().join(", ");
                let message = format!("the server has several teams: {ids}");
                Err(Failure::usage(message, "say which with --team or ONDUTY_TEAM"))
            }
        }
    }

    /// Returns the name of the team that is stated; empty if none is.
    pub fn stated_team(&self) -> String {
        self.stated_team.as_deref().map(names::team).unwrap_or_default()
    }

    /// Returns the names of a collection's members that are given by their ids.
    ///
    /// # Errors
    ///
    /// As [`Session::team`].
    pub async fn children(&self, collection: &str, ids: &[String]) -> Result<Vec<String>, Failure> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let team = self.team().await?;
        Ok(ids.iter().map(|id| names::child(team, collection, id)).collect())
    }

    /// Returns the name of one member of a collection.
    ///
    /// # Errors
    ///
    /// As [`Session::team`].
    pub async fn child(&self, collection: &str, id: &str) -> Result<String, Failure> {
        if id.starts_with("teams/") { Ok(id.to_owned()) } else { Ok(names::child(self.team().await?, collection, id)) }
    }

    /// Returns the resident that is meant: the stated one, or else the team's only one.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] where none is stated, the caller is none, and the team has not exactly one.
    pub async fn resident(&self, stated: Option<&str>) -> Result<String, Failure> {
        if let Some(id) = stated {
            return self.child("residents", id).await;
        }
        let caller = call!(self, tokens.get_caller, GetCallerRequest {})?;
        if !caller.resident.is_empty() {
            return Ok(caller.resident);
        }
        match self.residents().await?.residents.as_slice() {
            [only] => Ok(only.name.clone()),
            residents => {
                let ids = residents.iter().map(|resident| names::id(&resident.name)).take(20).collect::<Vec<_>>();
                let hint = format!("say it with --resident or ONDUTY_RESIDENT: {}", ids.join(", "));
                Err(Failure::usage("who is meant?", hint))
            }
        }
    }

    async fn residents(&self) -> Result<ListResidentsResponse, Failure> {
        let request = ListResidentsRequest { parent: self.team().await?.to_owned(), ..ListResidentsRequest::default() };
        Ok(list!(self, residents.list_residents, request, residents))
    }

    /// Returns for whom texts are made, with what people are called.
    ///
    /// Whoever cannot be looked up is shown by id.
    pub async fn view(&self) -> View {
        let people = self.residents().await.map(|answer| answer.residents).unwrap_or_default();
        View {
            people: people.into_iter().map(|resident| (resident.name, resident.display_name)).collect(),
            ..self.plain_view()
        }
    }

    /// Returns for whom texts are made, for answers that name nobody by id.
    pub fn plain_view(&self) -> View {
        View {
            zone: self.times.zone.clone(),
            now: self.times.now,
            width: columns::output(),
            people: BTreeMap::new(),
            program: self.program.clone(),
        }
    }

    /// Writes an answer to standard output: as JSON, or as the text that `text` makes for a view with names.
    ///
    /// # Errors
    ///
    /// [`Failure::Io`].
    pub async fn answer<A: Serialize>(
        &self,
        answer: &A,
        text: impl FnOnce(&A, &View) -> String,
    ) -> Result<(), Failure> {
        match self.output {
            Output::Json => self.json(answer),
            Output::Text => self.print(&text(answer, &self.view().await)),
        }
    }

    /// Tells whether answers are written as JSON.
    pub fn writes_json(&self) -> bool {
        self.output == Output::Json
    }

    /// Writes a value to standard output as JSON.
    ///
    /// # Errors
    ///
    /// [`Failure::Io`].
    pub fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let refused = |error: serde_json::Error| Failure::refused(error.to_string(), FAULT);
        let mut value = serde_json::to_value(value).map_err(refused)?;
        normalize_instants(&mut value);
        self.print(&(serde_json::to_string_pretty(&value).map_err(refused)? + "\n"))
    }

    /// Writes a text to standard output, without its colours where they do not belong.
    ///
    /// Where the reader went away (`onduty apply team.toml | head`) it is dropped: what was asked for is done all the same.
    ///
    /// # Errors
    ///
    /// [`Failure::Io`].
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        write(text.as_bytes())
    }

    /// Reads `--at`, where it is stated, as the start of something, for a request.
    ///
    /// # Errors
    ///
    /// As [`Times::read`].
    pub fn at(&self, text: Option<&str>) -> Result<Option<Timestamp>, Failure> {
        text.map(|text| self.times.start("--at", text).map(spans::timestamp)).transpose()
    }

    /// Reads the option in which something is stated to end, where it is.
    ///
    /// # Errors
    ///
    /// As [`Times::read`].
    pub fn until(&self, option: &str, text: Option<&str>) -> Result<Option<Timestamp>, Failure> {
        text.map(|text| self.times.end(option, text).map(spans::timestamp)).transpose()
    }

    /// Reads `--at` for a question about an instant: none is now by the server's clock, unless now is stated.
    ///
    /// # Errors
    ///
    /// As [`Times::read`].
    pub fn asked(&self, text: Option<&str>) -> Result<Option<Timestamp>, Failure> {
        let now = self.now.stated.then(|| spans::timestamp(self.now.instant));
        Ok(self.at(text)?.or(now))
    }

    /// Returns the window that is asked about: from this minute unless stated, and `days` local days long unless stated.
    ///
    /// # Errors
    ///
    /// As [`Times::read`]; [`Failure::Usage`] where it ends before it starts.
    pub fn window(&self, window: &Window, days: i32) -> Result<(Instant, Instant), Failure> {
        let times = self.times.to_the_minute();
        let (from, to) = times.window(window.from.as_deref(), window.to.as_deref())?;
        let from = from.unwrap_or(times.now);
        let to = to.unwrap_or_else(|| times.days_after(from, days));
        if to <= from {
            let local = |at| self.plain_view().time(at);
            let message = format!("--to, {}, is not after --from, {}", local(to), local(from));
            return Err(Failure::usage(message, "state a --to that is later than --from, or leave it out"));
        }
        Ok((from, to))
    }
}

/// Writes to standard output, as [`Session::print`].
///
/// # Errors
///
/// [`Failure::Io`].
pub fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut output = anstream::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::io("standard output", error, "write it to where there is room"))
        }
        _ => Ok(()),
    }
}

/// Returns a window as an interval of the API.
pub fn interval(window: (Instant, Instant)) -> Option<Interval> {
    Some(spans::interval(Some(window.0), Some(window.1)))
}

/// Writes instants as the protobuf JSON mapping has them, with `Z`; they are in fields called `time` or `...Time`.
fn normalize_instants(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(normalize_instants),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "time" || name.ends_with("Time") => {
                        if let Some(instant) = text.strip_suffix("+00:00") {
                            *text = format!("{instant}Z");
                        }
                    }
                    _ => normalize_instants(value),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns the zone that `--tz` names, or else the one of this computer: `TZ`, the system's setting, or UTC.
fn viewers_zone(rules: &ZoneRules, stated: Option<&str>) -> Result<Arc<Zone>, Failure> {
    if let Some(name) = stated {
        return rules.zone(name).cloned().map_err(|error| Failure::usage(format!("--tz: {error}"), ZONE_HINT));
    }
    let variable = std::env::var("TZ").ok().filter(|name| !name.is_empty());
    let named = variable.as_ref().map(|name| name.trim_start_matches(':').to_owned());
    let known = named.as_ref().is_none_or(|name| rules.zone(name).is_ok());
    let host = || iana_time_zone::get_timezone().ok();
    let zone = [named, host(), Some("UTC".to_owned())]
        .into_iter()
        .flatten()
        .find_map(|name| rules.zone(&name).ok().cloned())
        .ok_or_else(|| Failure::usage("this computer's time zone is unknown", "say which with --tz"))?;
    if let Some(name) = variable.filter(|_| !known) {
        failure::warn(&format!("TZ is '{name}', which is no IANA time zone; times are in {}", zone.name()), ZONE_HINT);
    }
    Ok(zone)
}

/// Returns how a command to type begins: with the server and team that were stated as options.
///
/// What the environment states need not be typed again.
fn program(globals: &Globals) -> String {
    let by_environment = |variable: &str, value: &str| std::env::var(variable).is_ok_and(|set| set == value);
    let mut program = "onduty".to_owned();
    if let Some(server) = globals.server.as_ref().filter(|server| !by_environment("ONDUTY_SERVER", server)) {
        program += &format!(" --server {server}");
    }
    if globals.profile != PROFILE_DEFAULT && !by_environment("ONDUTY_PROFILE", &globals.profile) {
        program += &format!(" --profile {}", globals.profile);
    }
    program += &globals.trust.typed();
    if let Some(team) = globals.team.as_ref().filter(|team| !by_environment("ONDUTY_TEAM", team)) {
        program += &format!(" --team {team}");
    }
    program
}
