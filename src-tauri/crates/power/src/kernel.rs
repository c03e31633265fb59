//! What the kernel tells through a file descriptor, under Tokio's eye.

use std::io;
use std::os::fd::OwnedFd;

use tokio::io::unix::AsyncFd;

/// Registers a non-blocking file descriptor with the runtime.
#[expect(
    deprecated,
    reason = "it is unsound for what doesn't own its descriptor (tokio#8587); an OwnedFd does, and \
              its successor asks for just that promise by being unsafe"
)]
pub(crate) fn registered(descriptor: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::new(descriptor)
}
