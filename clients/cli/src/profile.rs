//! Who calls which server: profiles in the user's configuration directory, and the token that belongs to a server.
//!
//! A token is sent to the server that it is for, and to no other: that of a profile to the profile's server, that of the
//! administrator to the server on this computer that wrote it.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::connect::url;
use crate::failure::Failure;
use crate::session::SERVER_DEFAULT;

/// The profile that is meant where none is named.
pub const PROFILE_DEFAULT: &str = "default";
const HINT: &str = "make it readable and writable for yourself, or remove it and log in again";

/// What a user has at one server.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The server's URL.
    pub server: Option<String>,
    /// The token's secret.
    pub token: Option<String>,
    /// The team.
    pub team: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

/// Where the parts of a user's set-up lie, by the XDG base directories.
#[derive(Clone, Debug)]
pub struct Places {
    config: Option<PathBuf>,
    state: Option<PathBuf>,
}

impl Places {
    /// Returns those of the environment.
    pub fn of_environment() -> Self {
        let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = |name: &str, below: &str| absolute(name).or_else(|| absolute("HOME").map(|home| home.join(below)));
        Self { config: base("XDG_CONFIG_HOME", ".config"), state: base("XDG_STATE_HOME", ".local/state") }
    }

    fn profiles(&self) -> Option<PathBuf> {
        self.config.as_ref().map(|config| config.join("onduty/profiles.toml"))
    }

    /// Keeps a profile in a file that only its owner can read.
    ///
    /// # Errors
    ///
    /// [`Failure::Io`]; [`Failure::Refused`] where there is no home to keep it in.
    pub fn keep(&self, name: &str, profile: Profile) -> Result<PathBuf, Failure> {
        let mut file = self.read()?;
        file.profiles.insert(name.to_owned(), profile);
        self.write(&file)
    }

    /// Forgets a profile.
    ///
    /// # Errors
    ///
    /// As [`Places::keep`]; [`Failure::Refused`] where none of that name is kept.
    pub fn forget(&self, name: &str) -> Result<PathBuf, Failure> {
        let mut file = self.read()?;
        if file.profiles.remove(name).is_none() {
            let kept: Vec<&str> = file.profiles.keys().map(String::as_str).collect();
            let hint = match kept.as_slice() {
                [] => "none is kept; a token in ONDUTY_TOKEN is there as long as that is set".to_owned(),
                kept => format!("say which with --profile: {}", kept.join(", ")),
            };
            return Err(Failure::refused(format!("no token is kept under the profile '{name}'"), hint));
        }
        self.write(&file)
    }

    fn write(&self, file: &File) -> Result<PathBuf, Failure> {
        let path = self.profiles().ok_or_else(|| {
            Failure::refused("there is no home directory to keep the token in", "set HOME, or give it in ONDUTY_TOKEN")
        })?;
        let text = toml::to_string(file).map_err(|error| Failure::refused(error.to_string(), HINT))?;
        write_private(&path, &text).map_err(|error| Failure::io(path.display().to_string(), error, HINT))?;
        Ok(path)
    }

    fn read(&self) -> Result<File, Failure> {
        let Some(path) = self.profiles() else { return Ok(File::default()) };
        match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| {
                // What is wrong is told without the line, which may have a token in it.
                Failure::refused(format!("{}: {}", path.display(), error.message()), HINT)
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(File::default()),
            Err(error) => Err(Failure::io(path.display().to_string(), error, HINT)),
        }
    }

    /// Returns the administrator's token of a server on this computer, where the same user runs it.
    fn of_this_computer(&self, server: &str) -> Option<String> {
        let authority = url(server).split_once("://").map(|(_, rest)| rest.to_owned())?;
        let authority = authority.split('/').next()?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
            _ => return None,
        };
        let addresses: &[&str] = match host {
            "localhost" => &["127.0.0.1", "[::1]"],
            "127.0.0.1" => &["127.0.0.1"],
            "[::1]" => &["[::1]"],
            _ => return None,
        };
        let dir = self.state.as_ref()?.join("onduty/servers");
        let read = |address: &&str| fs::read_to_string(dir.join(format!("{address}:{port}.token"))).ok();
        addresses.iter().find_map(read).map(|text| text.trim().to_owned())
    }
}

/// The server, the team and the token that a run of the program goes by.
#[derive(Clone, Debug)]
pub struct Account {
    /// The server's URL.
    pub server: String,
    /// The team, if one is stated.
    pub team: Option<String>,
    /// The token's secret, if there is one.
    pub token: Option<String>,
}

impl Account {
    /// Settles them: what is stated goes before the profile, and the profile before what this computer has. A profile
    /// that is named has to be there, unless it `is_new`.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] for a profile that is not there; [`Failure::Refused`] where the file cannot be used.
    pub fn settle(
        places: &Places,
        (profile, server, team): (&str, Option<&str>, Option<&str>),
        token: Option<String>,
        is_new: bool,
    ) -> Result<Self, Failure> {
        let kept = match places.read()?.profiles.remove(profile) {
            Some(kept) => kept,
            None if profile == PROFILE_DEFAULT || is_new => Profile::default(),
            None => {
                let message = format!("there is no profile '{profile}'");
                return Err(Failure::usage(
                    message,
                    "make it with `onduty login --profile NAME`, or leave --profile out",
                ));
            }
        };
        let server = url(server.or(kept.server.as_deref()).unwrap_or(SERVER_DEFAULT));
        let same = kept.server.as_deref().is_some_and(|kept| url(kept) == server);
        let kept_token = kept.token.filter(|_| same);
        let token = token.filter(|token| !token.is_empty()).or(kept_token);
        let token = token.or_else(|| places.of_this_computer(&server));
        let team = team.map(str::to_owned).or(kept.team.filter(|_| same));
        Ok(Self { server, team, token })
    }
}

/// Writes a file that only its owner can read, whole or not at all, over one that was there.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(dir) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    }
    let new = path.with_extension("new");
    let _ = fs::remove_file(&new);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn places(name: &str) -> (PathBuf, Places) {
        let dir = std::env::temp_dir().join(format!("onduty-profile-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        (dir.clone(), Places { config: Some(dir.join("config")), state: Some(dir.join("state")) })
    }

    fn token(places: &Places, server: Option<&str>) -> Option<String> {
        Account::settle(places, (PROFILE_DEFAULT, server, None), None, false).ok().and_then(|account| account.token)
    }

    #[test]
    fn a_profile_is_kept_where_only_its_owner_reads_and_goes_to_its_server_only() {
        let (dir, places) = places("kept");
        let server = Some("https://duty.example.org".to_owned());
        let profile = Profile { server, token: Some("onduty_x".to_owned()), team: Some("psf".to_owned()) };
        let path = places.keep(PROFILE_DEFAULT, profile).map_err(|_| ()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(token(&places, None).as_deref(), Some("onduty_x"));
        assert_eq!(token(&places, Some("https://duty.example.org/")).as_deref(), Some("onduty_x"));
        assert_eq!(token(&places, Some("https://evil.example.org")), None);
        assert!(places.forget(PROFILE_DEFAULT).is_ok());
        assert!(places.forget(PROFILE_DEFAULT).is_err());
        assert_eq!(token(&places, None), None);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_profile_that_is_named_has_to_be_there() {
        let (dir, places) = places("named");
        let settled = |is_new| Account::settle(&places, ("wrok", None, None), None, is_new).is_ok();
        assert_eq!((settled(false), settled(true)), (false, true));
        let _ = fs::remove_dir_all(dir);
    }

    #[test]
    fn the_administrators_token_is_found_for_servers_of_this_computer_only() {
        let (dir, places) = places("local");
        let servers = dir.join("state/onduty/servers");
        fs::create_dir_all(&servers).unwrap();
        fs::write(servers.join("127.0.0.1:7373.token"), "onduty_admin\n").unwrap();
        for server in ["http://127.0.0.1:7373", "localhost:7373"] {
            assert_eq!(token(&places, Some(server)).as_deref(), Some("onduty_admin"), "{server}");
        }
        for server in ["http://127.0.0.1:7374", "http://evil.example:7373", "http://127.0.0.1.evil.example:7373"] {
            assert_eq!(token(&places, Some(server)), None, "{server}");
        }
        fs::remove_dir_all(dir).unwrap();
    }
}
