//! The platforms' keyrings: Secret Service, Keychain and Credential Manager.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod errors;
mod library;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod parted;

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::System;
#[cfg(target_os = "linux")]
pub(super) use linux::System;
