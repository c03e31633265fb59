//! The client against a server that each test scripts byte by byte, so that HTTP can be bent.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod calls;
mod chain;
mod cursor;
mod document;
mod environment;
mod ids;
mod leaving;
mod listener;
mod live;
mod log;
mod own_authority;
mod patience;
mod proxies;
mod redirects;
mod schedule;
mod server;
mod signing_in;
mod socks;
mod stored;
mod stream;
mod sync;
mod texts;
mod tls;
mod waiting;
mod wake;
