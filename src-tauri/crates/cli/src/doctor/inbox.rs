//! The inbox: its folder can be written, its file is as it was written, and what lies beside it.

use super::Check;
use agora_home::Files;
use agora_inbox::{Access, Inbox, OpenError, StoreError, backups, kept_aside, writable};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const NAME: &str = "inbox";
/// How many bytes there has to be room for.
const A_FEW_ALERTS: usize = 16 * 1024;

/// Checks the folder and reads the whole file; nothing is changed.
pub(super) async fn check(files: &Files) -> Check {
    let file = &files.inbox;
    let folder = file.parent().unwrap_or(Path::new("."));
    if let Err(error) = try_to_write(folder) {
        return Check::bad(
            NAME,
            format!("{} can't be written: {error}", folder.display()),
            "check the folder's permissions and the space on its disk, or set AGORA_HOME to another",
        );
    }
    let beside = beside(file);
    match read(file).await {
        Ok(count) => Check::good(NAME, format!("{count} alerts, and the file is whole{beside}")),
        Err(Trouble { error: OpenError::NotMade, .. }) if has_log(file) => Check::bad(
            NAME,
            format!("the file is empty or gone, and its log of changes is left{beside}"),
            "start the app: it sets what is left aside and makes a new inbox; with a backup of your \
             own, put it there first",
        ),
        Err(Trouble { error: OpenError::NotMade, .. }) if leads_nowhere(file) => Check::bad(
            NAME,
            format!("{} is a link into a folder that isn't there{beside}", file.display()),
            "make that folder, connect its disk, or remove the link; the app goes on by itself",
        ),
        Err(Trouble { error: OpenError::NotMade, .. }) if file.exists() => Check::good(
            NAME,
            format!("the file is empty: the app makes a new inbox in it when it starts{beside}"),
        ),
        Err(Trouble { error: OpenError::NotMade, .. }) => {
            Check::good(NAME, format!("not made yet; its folder can be written{beside}"))
        }
        Err(trouble) => {
            let advice = trouble.advice(file);
            let what = anyhow::Error::from(trouble.error);
            Check::bad(NAME, format!("{what:#}{beside}"), advice)
        }
    }
}

/// Writes a file without a name in the folder, or in the nearest one above that exists.
fn try_to_write(folder: &Path) -> io::Result<()> {
    let existing = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    let mut file = tempfile::tempfile_in(existing)?;
    file.write_all(&[0; A_FEW_ALERTS])?;
    file.sync_all()
}

/// Whether it is a link that the app can't make a file by.
fn leads_nowhere(file: &Path) -> bool {
    let target = file.read_link().map(|target| file.with_file_name(target));
    target.is_ok_and(|target| !target.parent().is_some_and(Path::is_dir))
}

fn has_log(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    Path::new(&log).metadata().is_ok_and(|log| log.len() > 0)
}

/// Checks every page of the file; how many alerts are in it.
async fn read(file: &Path) -> Result<u32, Trouble> {
    let opened = Inbox::open(file, Access::ReadOnly);
    let inbox = opened.map_err(|error| Trouble { error, is_open: false })?;
    let count = async {
        inbox.check().await?;
        Ok::<_, StoreError>(inbox.counts().await?.total())
    };
    let count = count.await.map_err(|error| Trouble { error: error.into(), is_open: true })?;
    writable(file).map_err(|error| Trouble { error, is_open: true })?;
    Ok(count)
}

/// What is wrong with the file.
struct Trouble {
    error: OpenError,
    /// Whether it can be opened all the same: the app doesn't notice either.
    is_open: bool,
}

impl Trouble {
    fn advice(&self, file: &Path) -> String {
        let file = file.display();
        match &self.error {
            OpenError::Store(StoreError::Damaged(_)) if !self.is_open => format!(
                "start the app, or quit it and start it again: it sets {file} aside, deletes \
                 nothing, and makes a new inbox"
            ),
            // What SQLite has not yet moved from the file beside it would end up in the new inbox.
            OpenError::NotAnInbox | OpenError::Store(StoreError::Damaged(_)) => format!(
                "quit the app, move {file} away (with {file}-wal and {file}-shm, where they are), \
                 and start the app again: it makes a new inbox"
            ),
            OpenError::NotAFile => format!(
                "move {file} away; the app then makes a new inbox by itself, and nothing was changed"
            ),
            OpenError::Newer { .. } => "update the program; nothing was changed".to_owned(),
            OpenError::Store(StoreError::Busy(_)) => {
                "wait a moment and try again; if it stays so, look which program has the file open \
                 (a backup, a database browser) and close it there"
                    .to_owned()
            }
            OpenError::Store(StoreError::Full(_)) => {
                "make room on the disk: until then nothing new is kept".to_owned()
            }
            _ => format!("check the permissions of {file} and of its folder"),
        }
    }
}

/// What was set aside, and the backup of before the last update, where there are any.
fn beside(file: &Path) -> String {
    let aside = kept_aside(file);
    let aside = match aside.len() {
        0 => String::new(),
        1 => format!("; 1 file was set aside: {}", listed(&aside)),
        count => format!("; {count} files were set aside: {}", listed(&aside)),
    };
    let backup = backups(file).into_iter().next().map_or_else(String::new, |backup| {
        format!("; a backup of before the last update is at {}", backup.display())
    });
    aside + &backup
}

fn listed(files: &[PathBuf]) -> String {
    let paths: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    paths.join(", ")
}
