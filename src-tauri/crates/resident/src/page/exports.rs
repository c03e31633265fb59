//! Exports of the inbox and of what was sent, into the person's own folder of downloads: the page names no path.

use super::{AccountPage, view};
use crate::ipc::{ExportFormat, Exported, List};
use crate::system::opener;
use agora_alert::catalogue::Language;
use agora_inbox::{Export, Format, export_to_file};
use agora_sending::{SendingId, write_csv};
use anyhow::Context;
use jiff::ZonedDateTime;
use jiff::tz::TimeZone;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

/// Writes what a list shows, beside the inbox's own work.
pub(crate) async fn write(
    page: &AccountPage,
    list: &List,
    format: ExportFormat,
) -> anyhow::Result<Exported> {
    let (format, ending) = match format {
        ExportFormat::Csv => (csv(page.choices.language()), "csv"),
        ExportFormat::JsonLines => (Format::JsonLines, "jsonl"),
    };
    let what = Export { filter: view::filter(list), text: view::searched(list), format };
    let day = ZonedDateTime::now().strftime("%Y-%m-%d").to_string();
    let file = folder()?.join(format!("agora-alerts-{day}.{ending}"));
    let inbox = page.receiver.accounts().files().inbox.clone();
    let written = page.page.tasks.spawn_blocking(move |stopped| {
        export_to_file(&inbox, &what, &file, || stopped.is_cancelled())
    });
    let (path, count) = written.await??;
    Ok(told(page, &path, count))
}

/// Writes what became of a sending's recipients.
pub(super) async fn write_sent(page: &AccountPage, id: SendingId) -> anyhow::Result<Exported> {
    let ledger = page.account.sender.ledger().await?;
    let (path, file) = new_file(&folder()?.join(format!("agora-sent-{id}.csv")))?;
    match write_csv(ledger, id, BufWriter::new(file)).await {
        Ok(count) => Ok(told(page, &path, count)),
        Err(error) => {
            let _ = fs::remove_file(path);
            Err(error.into())
        }
    }
}

/// A file of that name, or with a number behind it where there is one.
fn new_file(path: &Path) -> io::Result<(PathBuf, File)> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let mut number = 1;
    let mut target = path.to_owned();
    loop {
        match File::create_new(&target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                number += 1;
                target.set_file_name(format!("{stem}-{number}.{ending}"));
            }
            made => return made.map(|file| (target, file)),
        }
    }
}

fn told(page: &AccountPage, path: &Path, count: u64) -> Exported {
    *page.page.exported.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.to_owned());
    Exported { path: path.display().to_string(), count }
}

/// Shows the folder of the last export in the system's file manager.
pub(crate) async fn show(page: &AccountPage) -> anyhow::Result<()> {
    let exported = page.page.exported.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let file = exported.context("nothing was exported yet")?;
    let folder = file.parent().context("the export is in no folder")?.to_owned();
    opener::open(folder, None).await
}

fn csv(language: Language) -> Format {
    Format::Csv { language, zone: TimeZone::system() }
}

fn folder() -> anyhow::Result<PathBuf> {
    let downloads = dirs::download_dir().filter(|folder| folder.is_dir());
    downloads.or_else(dirs::home_dir).context("there is no folder to export into")
}
