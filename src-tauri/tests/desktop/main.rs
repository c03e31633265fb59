//! The whole app on a real desktop: X server, session bus, notification daemon, tray host, Secret
//! Service and webview are the real ones; the market is the demo market, over a socket.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic where it stands")]

mod compositor;
mod fates;
mod foreground;
mod opener;
mod own_daemon;
mod secret_service;
mod session;
mod signing_in;
mod stage;
mod toasts;
mod tray;
mod window;

mod account;
mod accounts;
mod acting;
mod activation;
mod after_quiet;
mod appearance;
mod arrival;
mod autostart;
mod away;
mod compose;
mod composing;
mod contract;
mod cost;
mod daemon;
mod diagnosing;
mod do_not_disturb;
mod files;
mod following;
mod held_back;
mod instance;
mod keyring;
mod keyrings;
mod keys;
mod lacking;
mod leftovers;
mod links;
mod living;
mod local_time;
mod menus;
mod million;
mod page;
mod place;
mod pointing;
mod quiet;
mod quitting;
mod search;
mod self_test;
mod settings;
mod spoken;
mod starting;
mod status;
mod storm;
mod turning;
mod two_daemons;
mod two_programs;
