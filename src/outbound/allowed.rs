//! Which addresses may be connected to: those that anybody can reach, and what the administrator allows beside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::Deserialize;

use crate::network::{Network, host_name};

/// Where a platform's own services answer its guests (Azure), at a number that otherwise looks like anybody's.
const PLATFORM: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// Networks and hosts that the administrator allows although they are not open to everybody.
///
/// ```
/// use onduty::outbound::Allowed;
///
/// let allowed: Allowed = "10.1.0.0/16, calendar.corp.example".parse().unwrap();
/// assert!(allowed.permits("any.example", "10.1.2.3".parse().unwrap()));
/// assert!(!allowed.permits("any.example", "10.2.0.1".parse().unwrap()));
/// assert!(allowed.permits("calendar.corp.example", "10.2.0.1".parse().unwrap()));
/// assert!("10.1.0.0/160".parse::<Allowed>().is_err());
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Allowed {
    networks: Vec<Network>,
    /// In the form in which they are compared.
    hosts: Vec<String>,
}

impl Allowed {
    /// Allows what the other allows, too.
    pub fn extend(&mut self, other: Self) {
        self.networks.extend(other.networks);
        self.hosts.extend(other.hosts);
    }

    /// Tells whether a host may be connected to at an address that its name stands for.
    #[must_use]
    pub fn permits(&self, host: &str, address: IpAddr) -> bool {
        is_public(address)
            || self.hosts.iter().any(|allowed| allowed == host)
            || self.networks.iter().any(|network| network.contains(address))
    }
}

impl FromStr for Allowed {
    type Err = String;

    /// Reads networks, addresses and host names, with commas between them.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut allowed = Self::default();
        for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            // A number that is no address is a mistyped one and no name.
            let named = host_name(one).filter(|name| !name.ends_with(|c: char| c.is_ascii_digit()));
            match (one.parse(), named) {
                (Ok(network), _) => allowed.networks.push(network),
                (Err(_), Some(name)) => allowed.hosts.push(name),
                (Err(_), None) => {
                    return Err(format!(
                        "'{one}' is no network and no host name; give such as 10.0.0.0/8 or calendar.example.org"
                    ));
                }
            }
        }
        Ok(allowed)
    }
}

impl TryFrom<String> for Allowed {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Tells whether everybody can reach an address, wherever they are: whoever makes the server connect to it gains
/// nothing then. By the registries of special addresses (RFC 6890); where there is doubt, it is not.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // This network, loopback, multicast, reserved, broadcast.
        (0 | 127 | 224.., _, _) => true,
        // Private, between a provider and its customers, link-local.
        (10, _, _) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) | (169, 254, _) => true,
        // Of protocols, of former relays to IPv6, for benchmarks.
        (192, 0, 0) | (192, 88, 99) | (198, 18..=19, _) => true,
        // Of examples.
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => true,
        _ => address == PLATFORM,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Through NAT64 a host without IPv4 reaches the address that is written behind (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)))
        }
        // Of protocols, Teredo among them; of examples; 6to4, which leads to any IPv4 address.
        [0x2001, ..0x200, ..] | [0x2001, 0xdb8, ..] | [0x3fff, ..0x1000, ..] | [0x2002, ..] => false,
        [0x2000..=0x3fff, ..] => true,
        // Nothing else is given out to be reached from everywhere.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is refused, as the registries have it, one after the other.
    const SPECIAL: &[&str] = &[
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        // Those of IPv6 that are in none of these are refused by not being in 2000::/3 or 64:ff9b::/96.
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    ];

    /// The bits of an address, one character each, and how they begin in a network.
    fn bits(address: IpAddr) -> String {
        match address {
            IpAddr::V4(address) => format!("4{:032b}", address.to_bits()),
            IpAddr::V6(address) => format!("6{:0128b}", address.to_bits()),
        }
    }

    fn is_in(address: IpAddr, network: &str) -> bool {
        let (first, length) = network.split_once('/').unwrap();
        let first = bits(first.parse().unwrap());
        bits(address).starts_with(&first[..=length.parse::<usize>().unwrap()])
    }

    fn slowly(address: IpAddr) -> bool {
        let text = address.to_string();
        if let Some(inner) = text.strip_prefix("::ffff:").and_then(|inner| inner.parse::<Ipv4Addr>().ok()) {
            return slowly(inner.into());
        }
        if let IpAddr::V6(address) = address {
            if is_in(address.into(), "64:ff9b::/96") {
                let [.., a, b, c, d] = address.octets();
                return slowly(Ipv4Addr::new(a, b, c, d).into());
            }
            if !is_in(address.into(), "2000::/3") {
                return false;
            }
        }
        !SPECIAL.iter().any(|network| is_in(address, network))
    }

    /// The first and last addresses of every network, and their neighbours outside.
    fn edges() -> Vec<IpAddr> {
        let mut found = Vec::new();
        for network in SPECIAL.iter().copied().chain(["2000::/3", "64:ff9b::/96", "fc00::/7", "fe80::/10", "::/96"]) {
            let (first, length) = network.split_once('/').unwrap();
            let length = length.parse::<u32>().unwrap();
            match first.parse().unwrap() {
                IpAddr::V4(first) => {
                    let (first, rest) = (first.to_bits(), u32::MAX.checked_shr(length).unwrap_or(0));
                    let all = [first, first.wrapping_sub(1), first | rest, (first | rest).wrapping_add(1)];
                    found.extend(all.map(|bits| IpAddr::from(Ipv4Addr::from_bits(bits))));
                }
                IpAddr::V6(first) => {
                    let (first, rest) = (first.to_bits(), u128::MAX >> length);
                    let all = [first, first.wrapping_sub(1), first | rest, (first | rest).wrapping_add(1)];
                    found.extend(all.map(|bits| IpAddr::from(Ipv6Addr::from_bits(bits))));
                }
            }
        }
        found
    }

    #[test]
    fn every_range_ends_where_the_table_says() {
        for address in edges() {
            assert_eq!(is_public(address), slowly(address), "{address}");
        }
    }

    #[test]
    fn addresses_that_lead_back_inside_are_not_public() {
        for inside in [
            "127.0.0.1",
            "169.254.169.254",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "fe80::1",
            "fec0::1",
            "fd00:ec2::254",
            "ff02::1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::808:808",
            "2002:7f00:1::",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "100::1",
            "5f00::1",
            "2001:db8::1",
            "255.255.255.255",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2606:4700::1111", "2a00:1450::1", "1.1.1.1"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn what_is_allowed_is_a_list_of_networks_and_hosts() {
        let allowed: Allowed = " 127.0.0.0/8,::1, Printer.Local. ,".parse().unwrap();
        for (host, address, permitted) in [
            ("a.example", "127.0.0.2", true),
            ("a.example", "::ffff:127.0.0.2", true),
            ("a.example", "::1", true),
            ("a.example", "10.0.0.1", false),
            ("printer.local", "10.0.0.1", true),
            ("not.printer.local", "10.0.0.1", false),
            ("a.example", "8.8.8.8", true),
        ] {
            assert_eq!(allowed.permits(host, address.parse().unwrap()), permitted, "{host} {address}");
        }
        assert_eq!("".parse(), Ok(Allowed::default()));
        for wrong in ["10.0.0.0/33", "10.0.0", "a b", "https://a.example", "10.0.0.0/8;a.example"] {
            assert!(wrong.parse::<Allowed>().unwrap_err().contains(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn an_address_is_public_just_where_the_table_says(
            v4 in any::<u32>(), v6 in any::<u128>(), top in 0..0x4000_u128, edge in any::<prop::sample::Index>(), flip in 0..128_u32,
        ) {
            let edges = edges();
            let near = match *edge.get(&edges) {
                IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() ^ (1 << (flip % 32))).into(),
                IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() ^ (1 << flip)).into(),
            };
            let mapped = Ipv4Addr::from_bits(v4).to_ipv6_mapped();
            let behind = Ipv6Addr::from_bits((0x64_ff9b << 96) | u128::from(v4));
            let given_out = Ipv6Addr::from_bits((top << 112) | (v6 >> 16));
            for address in [near, Ipv4Addr::from_bits(v4).into(), Ipv6Addr::from_bits(v6).into(), mapped.into(),
                            behind.into(), given_out.into()] {
                prop_assert_eq!(is_public(address), slowly(address), "{}", address);
            }
        }
    }
}
