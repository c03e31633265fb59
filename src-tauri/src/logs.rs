//! The log: one file a day, a week of them, in the folder for logs; and standard error.

use agora_account::make_private_folder;
use std::path::Path;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

/// Days of logs that are kept.
const DAYS: usize = 7;
/// Our own crates. The libraries' logs may hold URLs, and with them the client id.
const OURS: [&str; 6] = [
    "agora_notifier",
    "agora_account",
    "agora_client",
    "agora_inbox",
    "agora_power",
    "agora_receiver",
];

/// Starts logging; it lasts as long as the guard. A log that can't be written is no reason not to
/// receive.
pub(crate) fn start(folder: &Path) -> Option<WorkerGuard> {
    let level = std::env::var("AGORA_LOG").unwrap_or_else(|_| "info".into());
    let ours: Vec<_> = OURS.iter().map(|name| format!("{name}={level}")).collect();
    let filter = EnvFilter::try_new(format!("warn,{}", ours.join(",")))
        .unwrap_or_else(|_| EnvFilter::new("warn"));
    // The appender would complain about a folder that isn't there yet.
    let _ = make_private_folder(folder);
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .max_log_files(DAYS)
        .filename_prefix("agora-notifier")
        .filename_suffix("log")
        .build(folder);
    let (layer, guard) = match file {
        Ok(file) => {
            let (writer, guard) = tracing_appender::non_blocking(file);
            (Some(fmt::layer().with_ansi(false).with_writer(writer)), Some(guard))
        }
        Err(_) => (None, None),
    };
    let to_terminal = fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry().with(filter).with(layer).with(to_terminal).init();
    guard
}
