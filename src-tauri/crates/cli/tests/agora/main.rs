//! The built `agora`, run as a script runs it, against a demo market on a real socket.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "what the tests share fails as they do, by a panic")]

mod account;
#[cfg(target_os = "linux")]
mod accounts;
#[cfg(target_os = "linux")]
mod bus;
mod command_line;
#[cfg(target_os = "linux")]
mod doctor;
mod doctor_stream;
mod inbox;
#[cfg(target_os = "linux")]
mod keyring;
mod leaving;
mod listen;
mod lists;
#[cfg(target_os = "linux")]
mod machine;
mod proxy;
mod send;
mod sign_in;
mod support;
mod terminal;
#[cfg(target_os = "linux")]
mod unmade;
