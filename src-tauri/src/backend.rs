//! Who answers the page: on Linux the resident, a program of its own, over the socket; elsewhere the
//! resident in this one.

#[cfg(not(target_os = "linux"))]
pub(crate) use agora_resident::{Resident as Backend, Theme};
#[cfg(target_os = "linux")]
pub(crate) use {crate::linux::Remote as Backend, agora_socket::Theme};
