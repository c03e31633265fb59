//! The kernel's word that a link, an address or a route changed (`rtnetlink(7)`). netwatcher
//! doesn't hear of routes, and the default route comes a moment after the address.

use std::io;
use std::net::IpAddr;
use std::os::fd::OwnedFd;

use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;
use nix::sys::socket::SockaddrStorage;
use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, socket_with};
use tokio::io::unix::AsyncFd;

use crate::Fault;
use crate::kernel::registered;

/// `RTMGRP_LINK`, `RTMGRP_IPV4_IFADDR`, `RTMGRP_IPV4_ROUTE`, `RTMGRP_IPV6_IFADDR` and
/// `RTMGRP_IPV6_ROUTE` of `linux/rtnetlink.h`. Of the routes that go down with their link the
/// kernel says nothing.
const GROUPS: u32 = 0x1 | 0x10 | 0x40 | 0x100 | 0x400;

/// The socket that they come to.
pub(super) struct Changes(AsyncFd<OwnedFd>);

impl Changes {
    pub(super) fn listen() -> Result<Self, Fault> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, None)?;
        bind(&socket, &SocketAddrNetlink::new(0, GROUPS))?;
        Ok(Self(registered(socket)?))
    }

    /// Waits for a change. What changed is looked up afterwards, so that many at once are one, and
    /// a message that had no room left is no loss.
    pub(super) async fn next(&mut self) -> io::Result<()> {
        let mut ready = self.0.readable().await?;
        let mut message = [0; 4096];
        loop {
            match ready.try_io(|socket| Ok(rustix::io::read(socket, &mut message)?)) {
                Ok(Ok(_)) => {}
                Ok(Err(error)) if is_overrun(&error) => {}
                Ok(Err(error)) => return Err(error),
                Err(_) => return Ok(()),
            }
        }
    }
}

/// Whether the link that an address of this machine belongs to works. The address and its routes
/// outlast a cable that is pulled out, until somebody takes them away.
pub(crate) fn is_carried(address: IpAddr) -> bool {
    let Ok(interfaces) = getifaddrs() else { return true };
    let mut of_address = interfaces
        .filter(|interface| interface.address.as_ref().and_then(ip_of) == Some(address))
        .map(|interface| interface.flags.contains(InterfaceFlags::IFF_RUNNING))
        .peekable();
    of_address.peek().is_none() || of_address.any(|works| works)
}

fn ip_of(address: &SockaddrStorage) -> Option<IpAddr> {
    let four = address.as_sockaddr_in().map(|four| four.ip().into());
    four.or_else(|| address.as_sockaddr_in6().map(|six| six.ip().into()))
}

fn is_overrun(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::NOBUFS.raw_os_error())
}
