//! How this machine reaches the network, and what change of it matters to a connection. It owns
//! the judgement; hearing that something changed is `network`'s.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use netwatcher::list_interfaces;

/// Addresses that belong to nobody (RFC 5737, RFC 3849): whatever leads there is the default
/// route. Nothing is ever sent to them.
const NOBODY: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
];

/// Addresses of this machine, by which it may be told whether it still is where it was.
type Addresses = BTreeSet<IpAddr>;

/// How far this machine reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reach {
    /// There is a default route; one address for IPv4 and one for IPv6, from which it is used.
    /// Other addresses don't matter: those of a container's bridge come and go.
    Anywhere(Addresses),
    /// There is none. All addresses, since any network may be the one that is wanted.
    Nearby(Addresses),
}

/// A change of it that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// A connection should be made anew, or may now succeed.
    CameUp,
    /// There is nothing to connect by.
    Lost,
}

impl Reach {
    /// No network at all.
    pub(crate) const NOWHERE: Self = Self::Nearby(Addresses::new());

    /// As it is now. Asks the system alone, and sends nothing.
    pub(crate) fn now(is_carried: impl Fn(IpAddr) -> bool) -> Self {
        let ways_out: Addresses = NOBODY
            .into_iter()
            .filter_map(source_to)
            .filter(|way| is_carried(*way))
            .map(network_of)
            .collect();
        if ways_out.is_empty() { Self::Nearby(addresses()) } else { Self::Anywhere(ways_out) }
    }

    pub(crate) fn is_nowhere(&self) -> bool {
        *self == Self::NOWHERE
    }

    /// What it means that it was the other before.
    pub(crate) fn since(&self, before: &Self) -> Option<Turn> {
        let came_up = match (before, self) {
            (Self::Anywhere(before), Self::Anywhere(now)) => !before.is_subset(now),
            (Self::Nearby(_), Self::Anywhere(_)) => true,
            (Self::Nearby(before), Self::Nearby(now)) => !now.is_subset(before),
            (Self::Anywhere(_), Self::Nearby(_)) => return Some(Turn::Lost),
        };
        if came_up {
            Some(Turn::CameUp)
        } else {
            // Of a network without a way out nobody knows whether the one that is gone was the one
            // that was wanted, unless it was the last.
            (self.is_nowhere() && !before.is_nowhere()).then_some(Turn::Lost)
        }
    }
}

/// The address that the system would send from.
fn source_to(destination: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = match destination {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).ok()?;
    // Connecting a datagram socket looks the route up, and no more (connect(2)).
    socket.connect(SocketAddr::new(destination, 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// An IPv6 host changes the lower half of its address every day (RFC 8981), and stays where it is.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

fn addresses() -> Addresses {
    let interfaces = list_interfaces().unwrap_or_else(|error| {
        tracing::debug!(%error, "the addresses can't be listed");
        HashMap::default()
    });
    let all = interfaces.values().flat_map(|interface| &interface.ips).map(|record| record.ip);
    all.filter(|address| is_of_a_network(*address)).map(network_of).collect()
}

/// Loopback and link-local addresses are there with every interface, and lead nowhere.
fn is_of_a_network(address: IpAddr) -> bool {
    let is_link_local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    !address.is_loopback() && !is_link_local
}

#[cfg(test)]
mod tests {
    use super::*;

    const CABLE: &str = "192.168.1.5";
    const RADIO: &str = "10.0.0.7";
    const SIX: &str = "2001:db8:1::";

    fn set(addresses: &[&str]) -> Addresses {
        addresses.iter().map(|address| address.parse().unwrap()).collect()
    }

    fn anywhere(addresses: &[&str]) -> Reach {
        Reach::Anywhere(set(addresses))
    }

    fn nearby(addresses: &[&str]) -> Reach {
        Reach::Nearby(set(addresses))
    }

    #[test]
    fn a_network_that_comes_up_or_takes_the_place_of_another_is_told() {
        for (before, now) in [
            (nearby(&[]), nearby(&[CABLE])),
            (nearby(&[]), anywhere(&[CABLE])),
            (nearby(&[CABLE]), anywhere(&[CABLE])),
            (nearby(&[CABLE]), nearby(&[CABLE, RADIO])),
            (anywhere(&[CABLE]), anywhere(&[RADIO])),
            (anywhere(&[CABLE]), anywhere(&[SIX])),
            (anywhere(&[CABLE, SIX]), anywhere(&[CABLE])),
            (anywhere(&[CABLE, SIX]), anywhere(&[RADIO, SIX])),
        ] {
            assert_eq!(now.since(&before), Some(Turn::CameUp), "{before:?} to {now:?}");
        }
    }

    #[test]
    fn the_loss_of_the_way_out_or_of_the_last_network_is_told() {
        for (before, now) in [
            (anywhere(&[CABLE]), nearby(&[])),
            (anywhere(&[CABLE]), nearby(&[CABLE])),
            (anywhere(&[CABLE, SIX]), nearby(&[])),
            (nearby(&[CABLE]), nearby(&[])),
        ] {
            assert_eq!(now.since(&before), Some(Turn::Lost), "{before:?} to {now:?}");
        }
    }

    #[test]
    fn what_leaves_the_way_out_as_it_was_is_not_told() {
        for (before, now) in [
            (anywhere(&[CABLE]), anywhere(&[CABLE])),
            (anywhere(&[CABLE]), anywhere(&[CABLE, SIX])),
            (nearby(&[CABLE, RADIO]), nearby(&[CABLE])),
            (nearby(&[CABLE]), nearby(&[CABLE])),
            (nearby(&[]), nearby(&[])),
        ] {
            assert_eq!(now.since(&before), None, "{before:?} to {now:?}");
        }
    }

    #[test]
    fn a_new_address_of_the_same_ipv6_network_is_the_same_place() {
        let of = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(of("2001:db8:1::aaaa:1"), of("2001:db8:1::bbbb:2"));
        assert_ne!(of("2001:db8:1::1"), of("2001:db8:1:1::1"));
        assert_ne!(of("192.168.1.5"), of("192.168.1.6"));
    }

    #[test]
    fn loopback_and_link_local_addresses_are_no_network() {
        for address in ["127.0.0.1", "::1", "169.254.3.4", "fe80::1"] {
            assert!(!is_of_a_network(address.parse().unwrap()), "{address}");
        }
        for address in ["192.168.1.5", "fd00::1", "2001:db8::1"] {
            assert!(is_of_a_network(address.parse().unwrap()), "{address}");
        }
    }
}
