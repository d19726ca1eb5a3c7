//! Addresses of machines: networks of them, and names of hosts.

use std::net::IpAddr;
use std::str::FromStr;

use serde::Deserialize;

/// A network of addresses: one address, or all that begin with the same bits.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Tells whether an address is one of the network's.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let shared = |own: u128, other: u128, width: u32| {
            (own ^ other).checked_shr(width.saturating_sub(u32::from(self.bits))).unwrap_or(0) == 0
        };
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => shared(own.to_bits().into(), other.to_bits().into(), 32),
            (IpAddr::V6(own), IpAddr::V6(other)) => shared(own.to_bits(), other.to_bits(), 128),
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is no address and no network; give one such as 10.0.0.7 or 10.0.0.0/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address = address.parse::<IpAddr>().map_err(|_| wrong())?.to_canonical();
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits > width { Err(wrong()) } else { Ok(Self { address, bits }) }
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// The most characters that the name of a host has (RFC 1035 §2.3.4).
const HOST_NAME_MAX: usize = 253;

/// Returns a host name as it is compared, in lower case and without a dot at its end; nothing where it is none.
#[must_use]
pub fn host_name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text);
    let part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    (name.len() <= HOST_NAME_MAX && name.split('.').all(part)).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_the_addresses_that_begin_with_its_bits() {
        let contains = |network: &str, address: &str| {
            network.parse::<Network>().unwrap().contains(address.parse::<IpAddr>().unwrap())
        };
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("10.1.2.3", "10.1.2.3", "10.1.2.4"),
            ("192.0.2.128/25", "192.0.2.129", "192.0.2.127"),
            ("::ffff:10.1.2.3", "10.1.2.3", "::1"),
            ("10.1.2.3", "::ffff:10.1.2.3", "::ffff:10.1.2.4"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("0.0.0.0/0", "255.255.255.255", "::"),
            ("::/0", "2001::", "0.0.0.0"),
        ] {
            assert!(contains(network, inside) && !contains(network, outside), "{network}");
        }
        for text in ["", "10.0.0.0/33", "::/129", "proxy.example.org", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8"] {
            let told = text.parse::<Network>().unwrap_err();
            assert!(told.contains(&format!("'{text}'")), "{told}");
        }
    }

    #[test]
    fn host_names_are_compared_in_one_form() {
        assert_eq!(host_name("Duty.Example.org.").as_deref(), Some("duty.example.org"));
        assert_eq!(host_name("xn--mller-kva.example").as_deref(), Some("xn--mller-kva.example"));
        let long = "a.".repeat(127) + "a";
        for wrong in ["", ".", "a..b", "a b", "a/b", "a:1", "[::1]", "m\u{fc}ller.example", &long] {
            assert_eq!(host_name(wrong), None, "{wrong}");
        }
    }
}
