//! How the server is set up: flags, environment and a configuration file, in this order of precedence.

pub mod edge;
pub mod fetching;

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Deserialize;

use crate::outbound::Allowed;
use edge::{Edge, EdgeFile, EdgeFlags, HostName, Network, PublicUrl};
use fetching::{FetchFlags, FetchMinutes, Fetching};

/// Where the server listens unless told otherwise.
const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7373);

/// The onduty server: who is on duty, when is nobody, and who can stand in
#[derive(Clone, Debug, Default, Parser)]
#[command(name = "ondutyd", version, after_long_help = "Examples:\n  ondutyd --demo\n  ondutyd --data /var/lib/onduty")]
pub struct Flags {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Configuration file, in TOML: keys are the long names of these options
    #[arg(long, env = "ONDUTYD_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Directory that holds the data; made if it is not there. Without it, nothing is kept
    #[arg(long, env = "ONDUTYD_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Address to listen on; one that is not loopback needs TLS [default: 127.0.0.1:7373; port 0 picks a free one]
    #[arg(long, env = "ONDUTYD_LISTEN", value_name = "ADDR", value_parser = address)]
    pub listen: Option<SocketAddr>,
    /// Directory of another tz database than the newest at hand
    #[arg(long, env = "ONDUTYD_TZDB", value_name = "DIR")]
    pub tzdb: Option<PathBuf>,
    /// Load the bundled roster of two developers in residence as team psf, if there never was a team [env:
    /// ONDUTYD_DEMO=yes]
    #[arg(long, env = "ONDUTYD_DEMO", hide_env = true, value_parser = BoolishValueParser::new())]
    pub demo: bool,
    /// Directory in which this user's command line looks for the administrator's token [default:
    /// ~/.local/state/onduty/servers]
    #[arg(long, env = "ONDUTYD_CLI_TOKENS", value_name = "DIR")]
    pub cli_tokens: Option<PathBuf>,
    /// Days after which the kind and the note of an absence that is over are erased, or never [default: 90]
    #[arg(long, env = "ONDUTYD_ERASE_AFTER_DAYS", value_name = "N|never")]
    pub erase_after_days: Option<EraseAfter>,
    /// How log lines look [default: text]
    #[arg(long, env = "ONDUTYD_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// What is logged, such as info, debug or onduty=debug [default: info]
    #[arg(long, env = "ONDUTYD_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// The flags about callers.
    #[command(flatten)]
    pub edge: EdgeFlags,
    /// The flags about what is fetched.
    #[command(flatten)]
    pub fetching: FetchFlags,
}

/// What to do instead of serving.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Replace a person by a pseudonym in all that is kept of a team, while no server runs
    Forget(ForgetArgs),
}

const FORGET_EXAMPLES: &str = "\
Stop the server first, and copy its data directory if you may want to go back. Backups and exports made earlier still \
have the person.

Examples:
  ondutyd forget --data /var/lib/onduty --team psf --resident asa --dry-run
  ondutyd forget --data /var/lib/onduty --team psf --resident asa --replace-in-text";

/// Whom to forget.
#[derive(Args, Clone, Debug)]
#[command(after_long_help = FORGET_EXAMPLES)]
pub struct ForgetArgs {
    /// Directory that holds the data
    #[arg(long, env = "ONDUTYD_DATA", value_name = "DIR")]
    pub data: PathBuf,
    /// The team's id
    #[arg(long)]
    pub team: String,
    /// The resident's id
    #[arg(long)]
    pub resident: String,
    /// Replace the name, the handles and the id in free text too: titles, notes of others, links, reasons
    #[arg(long)]
    pub replace_in_text: bool,
    /// Say what would be done and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// When the kind and the note of an absence are erased: so many days after it is over, or never.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "toml::Value")]
pub struct EraseAfter(pub Option<u32>);

/// After how many days kinds and notes are erased unless told otherwise.
const ERASE_AFTER_DEFAULT: EraseAfter = EraseAfter(Some(90));
/// The most days after which they are.
const ERASE_AFTER_MAX: u32 = 36_500;

impl FromStr for EraseAfter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            _ if text == "never" => Ok(Self(None)),
            Ok(days @ 1..=ERASE_AFTER_MAX) => Ok(Self(Some(days))),
            _ => Err(format!("'{text}' is neither a number of days, 1 to {ERASE_AFTER_MAX}, nor 'never'")),
        }
    }
}

impl TryFrom<toml::Value> for EraseAfter {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Self, String> {
        match value {
            toml::Value::String(text) => text.parse(),
            other => other.to_string().parse(),
        }
    }
}

/// The configuration file; every key may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    data: Option<PathBuf>,
    listen: Option<String>,
    tzdb: Option<PathBuf>,
    demo: Option<bool>,
    cli_tokens: Option<PathBuf>,
    erase_after_days: Option<EraseAfter>,
    log_format: Option<LogFormat>,
    log: Option<String>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    tls_client_ca: Option<PathBuf>,
    allow_plaintext: Option<bool>,
    trusted_proxy: Option<Vec<Network>>,
    host: Option<Vec<HostName>>,
    public_url: Option<PublicUrl>,
    plain_feeds: Option<bool>,
    max_connections: Option<NonZeroUsize>,
    max_connections_per_address: Option<NonZeroUsize>,
    requests_per_second: Option<u32>,
    request_burst: Option<NonZeroU32>,
    feed_requests_per_second: Option<u32>,
    feed_burst: Option<NonZeroU32>,
    fetch_from: Option<Vec<Allowed>>,
    fetch_plaintext: Option<bool>,
    fetch_minutes: Option<FetchMinutes>,
}

/// How the server is set up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Config {
    /// Directory that holds the data; `None` keeps nothing beyond the process.
    pub data: Option<PathBuf>,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Directory of the tz database to use; `None` is the newest at hand.
    pub tzdb: Option<PathBuf>,
    /// Whether the bundled roster is loaded where there never was a team.
    pub demo: bool,
    /// Directory in which the same user's command line looks for the administrator's token; `None` where that user has
    /// no home.
    pub cli_tokens: Option<PathBuf>,
    /// When the kind and the note of an absence are erased.
    pub erase_after_days: EraseAfter,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What is logged, as a filter of `tracing-subscriber`.
    pub log: String,
    /// How callers reach the server, and how much each may ask of it.
    pub edge: Edge,
    /// What is fetched from others, and how often.
    pub fetching: Fetching,
}

/// Why the server cannot be set up as it was told.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The configuration file cannot be read.
    #[error("cannot read the configuration file {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The configuration file has a mistake.
    #[error("the configuration file {path} has a mistake in line {line}: {message}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// What.
        message: String,
    },
    /// The address in the configuration file is none.
    #[error("the configuration file {path} has a mistake in 'listen': {message}")]
    Listen {
        /// The file.
        path: PathBuf,
        /// What.
        message: String,
    },
    /// What is said on the address could be read along.
    #[error(
        "{0} is not a loopback address, and without TLS others read along: give --tls-cert and --tls-key, or \
         --allow-plaintext where a proxy speaks TLS with callers"
    )]
    Plaintext(SocketAddr),
    /// TLS is set up by half.
    #[error("'{has}' is given and {lacks} is not: give all of them, or leave '{has}' out to speak plain HTTP")]
    TlsPart {
        /// What is given.
        has: &'static str,
        /// What is not.
        lacks: &'static str,
    },
}

impl Config {
    /// Works out the configuration: flags and environment go before the file, the file before the defaults.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for a file that cannot be used, an address that others would reach, or half of TLS.
    pub fn new(flags: Flags) -> Result<Self, ConfigError> {
        let (file, listen) = flags.config.as_deref().map_or_else(|| Ok((File::default(), None)), read)?;
        let listen = flags.listen.or(listen).unwrap_or(LISTEN_DEFAULT);
        let callers = EdgeFile {
            tls_cert: file.tls_cert,
            tls_key: file.tls_key,
            tls_client_ca: file.tls_client_ca,
            allow_plaintext: file.allow_plaintext,
            trusted_proxy: file.trusted_proxy,
            host: file.host,
            public_url: file.public_url,
            plain_feeds: file.plain_feeds,
            max_connections: file.max_connections,
            max_connections_per_address: file.max_connections_per_address,
            requests_per_second: file.requests_per_second,
            request_burst: file.request_burst,
            feed_requests_per_second: file.feed_requests_per_second,
            feed_burst: file.feed_burst,
        };
        Ok(Self {
            edge: Edge::new(flags.edge, callers, listen)?,
            fetching: Fetching::new(flags.fetching, file.fetch_from, file.fetch_plaintext, file.fetch_minutes),
            data: flags.data.or(file.data),
            listen,
            tzdb: flags.tzdb.or(file.tzdb),
            demo: flags.demo || file.demo.unwrap_or(false),
            cli_tokens: flags.cli_tokens.or(file.cli_tokens).or_else(cli_tokens),
            erase_after_days: flags.erase_after_days.or(file.erase_after_days).unwrap_or(ERASE_AFTER_DEFAULT),
            log_format: flags.log_format.or(file.log_format).unwrap_or_default(),
            log: flags.log.or(file.log).unwrap_or_else(|| "info".to_owned()),
        })
    }
}

/// Where the command line of the same user looks for tokens of servers on this machine, by the XDG base directories.
fn cli_tokens() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")));
    state.map(|state| state.join("onduty/servers"))
}

/// Reads the file, and the address in it.
fn read(path: &Path) -> Result<(File, Option<SocketAddr>), ConfigError> {
    let path = path.to_owned();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(ConfigError::Read { path, source }),
    };
    let file: File = match toml::from_str(&text) {
        Ok(file) => file,
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            return Err(ConfigError::Parse { path, line, message: error.message().to_owned() });
        }
    };
    match file.listen.as_deref().map(address).transpose() {
        Ok(listen) => Ok((file, listen)),
        Err(message) => Err(ConfigError::Listen { path, message }),
    }
}

/// Reads an address and a port; names are not looked up, since what they lead to may change.
fn address(text: &str) -> Result<SocketAddr, String> {
    let port = text.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()).unwrap_or(LISTEN_DEFAULT.port());
    text.parse().map_err(|_| format!("'{text}' is no address with a port; give one such as 127.0.0.1:{port}"))
}

/// Says what is wrong with the command line or the environment, on one line.
#[must_use]
pub fn usage_line(error: &clap::Error) -> String {
    let told = error.to_string();
    let lines = told.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("For more information"));
    let line = lines.collect::<Vec<_>>().join("; ");
    format!("{}; see ondutyd --help", line.strip_prefix("error: ").unwrap_or(&line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(text: &str, flags: Flags) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ondutyd.toml");
        std::fs::write(&path, text).unwrap();
        Config::new(Flags { config: Some(path), ..flags })
    }

    #[test]
    fn flags_go_before_the_file_and_the_file_before_the_defaults() {
        let listen = Some("127.0.0.1:1".parse().unwrap());
        let config = with_file("data = \"d\"\nlisten = \"127.0.0.1:2\"", Flags { listen, ..Flags::default() }).unwrap();
        assert_eq!((config.data, config.listen.port()), (Some("d".into()), 1));
        assert_eq!(Config::new(Flags::default()).unwrap().listen, LISTEN_DEFAULT);
    }

    #[test]
    fn days_are_a_number_or_never() {
        let read = |text: &str| with_file(text, Flags::default()).map(|config| config.erase_after_days.0);
        assert_eq!(read("").unwrap(), Some(90));
        assert_eq!(read("erase-after-days = 7").unwrap(), Some(7));
        assert_eq!(read("erase-after-days = \"never\"").unwrap(), None);
        for wrong in ["0", "-1", "36501", "1.5", "true", "\"soon\""] {
            let error = read(&format!("erase-after-days = {wrong}")).unwrap_err().to_string();
            assert!(error.contains(wrong.trim_matches('"')) && error.contains("never"), "{error}");
        }
    }

    #[test]
    fn an_address_that_is_not_loopback_is_refused() {
        for address in ["0.0.0.0:7373", "192.168.1.1:7373", "[::]:7373"] {
            let listen = Some(address.parse().unwrap());
            let error = Config::new(Flags { listen, ..Flags::default() }).unwrap_err();
            assert!(error.to_string().contains(address));
        }
    }

    #[test]
    fn what_is_stated_of_callers_is_read_from_flags_and_from_the_file() {
        let text =
            "tls-cert = \"c\"\ntls-key = \"k\"\ntrusted-proxy = [\"10.0.0.0/8\", \"::1\"]\nhost = [\"a.example\"]";
        let from_file = with_file(text, Flags::default()).unwrap().edge;
        let typed = ["", "--tls-cert=c", "--tls-key=k", "--trusted-proxy=10.0.0.0/8,::1", "--host=A.example"];
        let typed = Config::new(Flags::try_parse_from(typed).unwrap()).unwrap().edge;
        assert_eq!((typed.trusted_proxies.len(), &typed), (2, &from_file));
        let other = Flags::try_parse_from(["", "--trusted-proxy=192.0.2.1"]).unwrap();
        assert_eq!(with_file(text, other).unwrap().edge.trusted_proxies, ["192.0.2.1".parse().unwrap()]);
        let error = with_file("log = \"info\"\ntrusted-proxy = [\"proxy\"]", Flags::default()).unwrap_err().to_string();
        assert!(error.contains("'proxy' is no address") && error.contains("line 2"), "{error}");
        assert!(Flags::try_parse_from(["", "--host=https://a.example"]).is_err());
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let error = with_file("log = \"info\"\ndta = \"d\"", Flags::default()).unwrap_err().to_string();
        assert!(error.contains("dta") && error.contains("line 2") && error.lines().count() == 1, "{error}");
    }

    #[test]
    fn a_name_to_listen_on_is_answered_with_an_address() {
        let error = with_file("listen = \"localhost:7440\"", Flags::default()).unwrap_err().to_string();
        assert!(error.contains("'listen'") && error.contains("127.0.0.1:7440"), "{error}");
        assert_eq!(with_file("listen = \"[::1]:1\"", Flags::default()).unwrap().listen.port(), 1);
    }
}
