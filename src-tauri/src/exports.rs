//! Exports of the inbox, into the person's own folder of downloads: the page names no path.

use crate::ipc::{ExportFormat, Exported, List};
use crate::shell::Shell;

/// Writes what a list shows. It goes on beside the inbox's own work.
#[expect(clippy::unused_async, reason = "waits for the inbox's export")]
pub(crate) async fn write(_: &Shell, _: &List, _: ExportFormat) -> anyhow::Result<Exported> {
    anyhow::bail!("waits for the inbox's export")
}

/// Shows the last export.
#[expect(clippy::unused_async, reason = "waits for the inbox's export")]
pub(crate) async fn show(_: &Shell) -> anyhow::Result<()> {
    anyhow::bail!("waits for the inbox's export")
}
