//! Addresses on the web that somebody gave: read once, compared and fetched in one form, and kept out of what is shown.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::network::host_name;

/// The most characters that an address has.
pub const ADDRESS_MAX: usize = 2_000;
/// The most characters of an address that a server leads to: some sign them at length.
const LOCATION_MAX: usize = 8_000;

/// What is wrong with an address. It never shows the address, which may be a secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AddressError {
    /// It is no address, or one of another kind.
    #[error("the address does not begin with https://; give one such as https://example.org/file")]
    Scheme,
    /// It begins with `http://`.
    #[error(
        "the address begins with http://, and whoever is on the way could read it; give one that begins with https://"
    )]
    Plaintext,
    /// It has somebody's name or password before the host.
    #[error("the address has a user or a password before an @; give one that needs neither")]
    User,
    /// It has no host, or what stands there is none.
    #[error("the address has no host name after //; give one such as https://example.org/file")]
    Host,
    /// The host has letters beyond those of ASCII.
    #[error("the address has letters beyond a to z in its host name; give that name in its form with xn--")]
    HostLetters,
    /// The host is a number, in none of the forms that everybody reads alike.
    #[error(
        "the address has a number as its host; give a name, or a number such as 192.0.2.7 or [2001:db8::7] in full"
    )]
    HostNumber,
    /// The port is none.
    #[error("the address has something after its host that is no port; give a number from 1 to 65535, or none")]
    Port,
    /// It has a line break or the like in it.
    #[error("the address has a line break or another control character in it; give it in one line")]
    Control,
    /// It is too long.
    #[error("the address is too long; give one of {ADDRESS_MAX} characters at most")]
    Long,
}

/// An address on the web. Only its scheme, host and port are shown: who knows the rest can read what is there.
///
/// ```
/// use onduty::outbound::WebAddress;
///
/// let address = WebAddress::parse("webcal://Example.org/private-4711/basic.ics#top", false).unwrap();
/// assert_eq!(address.to_string(), "https://example.org");
/// assert_eq!(address.expose(), "https://example.org/private-4711/basic.ics");
/// assert!(WebAddress::parse("http://example.org/", false).is_err());
/// ```
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct WebAddress {
    secure: bool,
    host: Host,
    port: u16,
    /// Path and query, as they are sent: from a `/` on, of visible ASCII.
    target: String,
}

/// Whom to connect to.
#[derive(Clone, Eq, Hash, PartialEq)]
enum Host {
    Name(String),
    Number(IpAddr),
}

impl WebAddress {
    /// Reads an address that somebody gave; `webcal://` is another way to write `https://`.
    ///
    /// # Errors
    ///
    /// [`AddressError`] names what is wrong and what to give instead. `http://` is refused unless `plaintext`.
    pub fn parse(text: &str, plaintext: bool) -> Result<Self, AddressError> {
        Self::absolute(checked(text, ADDRESS_MAX)?, plaintext)?.within(ADDRESS_MAX)
    }

    /// Returns all of it, to be stored. It is a secret: never show or log it.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{self}{}", self.target)
    }

    /// The host, as it is compared: a name in lower case, or a number without brackets.
    #[must_use]
    pub fn host(&self) -> String {
        match &self.host {
            Host::Name(name) => name.clone(),
            Host::Number(number) => number.to_string(),
        }
    }

    /// Whether it is spoken to inside TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The number that stands for the host, where one does.
    pub(super) fn number(&self) -> Option<IpAddr> {
        match self.host {
            Host::Name(_) => None,
            Host::Number(number) => Some(number),
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Path and query: secret.
    pub(super) fn target(&self) -> &str {
        &self.target
    }

    /// The host as requests name it, with the port where that is not the usual one.
    pub(super) fn authority(&self) -> String {
        let host = match &self.host {
            Host::Name(name) => name.clone(),
            Host::Number(IpAddr::V4(number)) => number.to_string(),
            Host::Number(IpAddr::V6(number)) => format!("[{number}]"),
        };
        if self.port == usual_port(self.secure) { host } else { format!("{host}:{}", self.port) }
    }

    /// Returns where an answer from here leads to (RFC 3986 §5.2).
    pub(super) fn join(&self, location: &str, plaintext: bool) -> Result<Self, AddressError> {
        self.led(checked(location, LOCATION_MAX)?, plaintext)?.within(LOCATION_MAX)
    }

    fn led(&self, text: &str, plaintext: bool) -> Result<Self, AddressError> {
        let before = &text[..text.find(['/', '?', '#']).unwrap_or(text.len())];
        if before.contains(':') {
            return Self::absolute(text, plaintext);
        }
        if let Some(rest) = text.strip_prefix("//") {
            return Self::behind(self.secure, rest);
        }
        let path = self.target.split('?').next().unwrap_or_default();
        let target = match text.chars().next() {
            Some('/') => target(text),
            Some('?') => target(&format!("{path}{text}")),
            None | Some('#') => self.target.clone(),
            Some(_) => target(&format!("{}/{text}", path.rsplit_once('/').map_or("", |(folder, _)| folder))),
        };
        Ok(Self { target, ..self.clone() })
    }

    /// Refuses it where it is too long in the form in which it is kept and sent.
    fn within(self, max: usize) -> Result<Self, AddressError> {
        if self.expose().len() > max { Err(AddressError::Long) } else { Ok(self) }
    }

    fn absolute(text: &str, plaintext: bool) -> Result<Self, AddressError> {
        let (scheme, rest) = text.split_once("://").ok_or(AddressError::Scheme)?;
        match scheme.to_ascii_lowercase().as_str() {
            "https" | "webcal" | "webcals" => Self::behind(true, rest),
            "http" if plaintext => Self::behind(false, rest),
            "http" => Err(AddressError::Plaintext),
            _ => Err(AddressError::Scheme),
        }
    }

    /// Reads what stands behind `https://`.
    fn behind(secure: bool, rest: &str) -> Result<Self, AddressError> {
        // To some programs a backslash is a slash: where the host ends must not depend on who reads.
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        if authority.contains('@') {
            return Err(AddressError::User);
        }
        if rest.starts_with('\\') {
            return Err(AddressError::Host);
        }
        let host_ends = if authority.starts_with('[') {
            authority.find(']').ok_or(AddressError::Host)? + 1
        } else {
            authority.find(':').unwrap_or(authority.len())
        };
        let (host, behind) = authority.split_at(host_ends);
        let host = read_host(host)?;
        let port = match behind.strip_prefix(':') {
            None if behind.is_empty() => usual_port(secure),
            None => return Err(AddressError::Port),
            Some("") => usual_port(secure),
            Some(port) => read_port(port).ok_or(AddressError::Port)?,
        };
        Ok(Self { secure, host, port, target: target(rest) })
    }
}

impl fmt::Display for WebAddress {
    /// Writes scheme, host and port, and nothing of what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.authority())
    }
}

impl fmt::Debug for WebAddress {
    /// Writes the same as `Display`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebAddress({self})")
    }
}

fn checked(text: &str, max: usize) -> Result<&str, AddressError> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(AddressError::Long);
    }
    if text.contains(char::is_control) { Err(AddressError::Control) } else { Ok(text) }
}

fn usual_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

fn read_port(text: &str) -> Option<u16> {
    let port = text.parse().ok().filter(|port| *port != 0)?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then_some(port)
}

fn read_host(text: &str) -> Result<Host, AddressError> {
    if let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return inside.parse::<Ipv6Addr>().map(|number| Host::Number(number.into())).map_err(|_| AddressError::Host);
    }
    if !text.is_ascii() {
        return Err(AddressError::HostLetters);
    }
    let name = host_name(text).ok_or(AddressError::Host)?;
    // What ends in a number is read as one (WHATWG URL, "ends in a number"), and not by everybody as the same.
    let last = name.rsplit('.').next().unwrap_or_default();
    let digits = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    match name.parse() {
        Ok(number) => Ok(Host::Number(IpAddr::V4(number))),
        Err(_) if digits => Err(AddressError::HostNumber),
        Err(_) => Ok(Host::Name(name)),
    }
}

/// Returns path and query as they are sent: without a fragment and without dots that go up, all of it visible ASCII.
fn target(text: &str) -> String {
    let text = text.split('#').next().unwrap_or_default();
    let (path, query) = text.find('?').map_or((text, ""), |at| text.split_at(at));
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if segments.peek().is_none() {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    let plain = format!("/{}{query}", kept.join("/"));
    let mut sent = String::with_capacity(plain.len());
    for byte in plain.bytes() {
        if byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte) {
            sent.push(char::from(byte));
        } else {
            sent.push_str(&format!("%{byte:02X}"));
        }
    }
    sent
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<String, AddressError> {
        WebAddress::parse(text, false).map(|address| address.expose())
    }

    #[test]
    fn an_address_has_one_form() {
        for (given, kept) in [
            ("https://example.org", "https://example.org/"),
            (" HTTPS://Example.ORG.:443/a?b#c ", "https://example.org/a?b"),
            ("webcal://example.org/a.ics", "https://example.org/a.ics"),
            ("https://example.org:/a", "https://example.org/a"),
            ("https://example.org:8443?q", "https://example.org:8443/?q"),
            ("https://example.org/a/./b/../c/..", "https://example.org/a/"),
            ("https://example.org/../../a//b", "https://example.org/a//b"),
            ("https://example.org/a?../b", "https://example.org/a?../b"),
            ("https://example.org/m\u{fc}ll er?\"\u{e9}", "https://example.org/m%C3%BCll%20er?%22%C3%A9"),
            ("https://example.org/a@b:c%2F%zz", "https://example.org/a@b:c%2F%zz"),
            ("https://example.org/\\evil.example", "https://example.org/%5Cevil.example"),
            ("https://192.0.2.7/", "https://192.0.2.7/"),
            ("https://[2001:DB8:0::7]:8443/", "https://[2001:db8::7]:8443/"),
        ] {
            assert_eq!(read(given).as_deref(), Ok(kept), "{given}");
        }
        let plain = WebAddress::parse("http://example.org:80/a", true).unwrap();
        assert_eq!((plain.expose().as_str(), plain.is_secure()), ("http://example.org/a", false));
    }

    #[test]
    fn what_is_wrong_with_an_address_is_named() {
        for (wrong, texts) in [
            (
                AddressError::Scheme,
                &["", "example.org/a", "ftp://example.org/a", "https:/example.org", "x/http://a"][..],
            ),
            (AddressError::Plaintext, &["http://example.org/a", "HTTP://example.org"]),
            (AddressError::User, &["https://ana:secret@example.org/", "https://a@b@c/"]),
            (
                AddressError::Host,
                &["https://", "https:///a", "https://a..b/", "https://a b/", "https://[::1/", "https://a%2eb/"],
            ),
            (
                AddressError::Host,
                &[
                    "https://[fe80::1%25eth0]/",
                    "https://[1.2.3.4]/",
                    "https://a\\b/",
                    "https://a\\@b/",
                    "https://:443/",
                ],
            ),
            (AddressError::HostLetters, &["https://m\u{fc}ller.example/", "https://\u{ff11}27.0.0.1/"]),
            (
                AddressError::HostNumber,
                &["https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/", "https://1.2.3.04/"],
            ),
            (
                AddressError::HostNumber,
                &["https://0x7f000001/", "https://0177.0.0.1/", "https://a.1/", "https://1.2.3.4.5/"],
            ),
            (
                AddressError::Port,
                &["https://a:0/", "https://a:65536/", "https://a:+80/", "https://a:b/", "https://[::1]80/"],
            ),
            (AddressError::Control, &["https://example.org/a\r\nHost: b", "https://exam\tple.org/", "https://a/\u{0}"]),
        ] {
            for text in texts {
                assert_eq!(read(text), Err(wrong), "{text}");
            }
        }
        let long = |letter: &str, letters: usize| read(&format!("https://a/{}", letter.repeat(letters)));
        assert!(long("a", ADDRESS_MAX - 10).is_ok());
        assert_eq!(long("a", ADDRESS_MAX - 9), Err(AddressError::Long));
        assert_eq!(long("\u{e9}", ADDRESS_MAX / 2), Err(AddressError::Long));
    }

    #[test]
    fn what_is_shown_ends_where_the_secret_begins() {
        let address = WebAddress::parse("https://example.org:8443/secret-path?secret=query", false).unwrap();
        assert_eq!(address.to_string(), "https://example.org:8443");
        assert_eq!(format!("{address:?}"), "WebAddress(https://example.org:8443)");
    }

    #[test]
    fn a_location_is_read_from_where_it_was_found() {
        let from = WebAddress::parse("https://example.org:8443/a/b?c", false).unwrap();
        for (location, leads) in [
            ("https://other.example/x", "https://other.example/x"),
            ("//other.example/x", "https://other.example/x"),
            ("/x?y#z", "https://example.org:8443/x?y"),
            ("x", "https://example.org:8443/a/x"),
            ("../x:y", "https://example.org:8443/x:y"),
            ("./", "https://example.org:8443/a/"),
            ("?x", "https://example.org:8443/a/b?x"),
            ("", "https://example.org:8443/a/b?c"),
            ("#x", "https://example.org:8443/a/b?c"),
            ("/\\other.example", "https://example.org:8443/%5Cother.example"),
            ("\\\\other.example", "https://example.org:8443/a/%5C%5Cother.example"),
        ] {
            assert_eq!(from.join(location, false).map(|to| to.expose()).as_deref(), Ok(leads), "{location}");
        }
        for (location, wrong) in [
            ("http://example.org/", AddressError::Plaintext),
            ("file:///etc/passwd", AddressError::Scheme),
            ("data:text/plain,x", AddressError::Scheme),
            ("//ana@other.example/", AddressError::User),
            ("https://0x7f.1/", AddressError::HostNumber),
        ] {
            assert_eq!(from.join(location, false), Err(wrong), "{location}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_reads_the_same_again(text in "(https|webcal)://[a-z0-9.:\\[\\]@-]{1,12}\\PC{0,24}", to in "\\PC{0,24}") {
            if let Ok(address) = WebAddress::parse(&text, false) {
                prop_assert_eq!(WebAddress::parse(&address.expose(), false), Ok(address.clone()));
                prop_assert!(address.target().parse::<http::uri::PathAndQuery>().is_ok());
                if let Ok(led) = address.join(&to, false) {
                    prop_assert_eq!(WebAddress::parse(&led.expose(), false), Ok(led));
                }
            }
        }
    }
}
