//! Setting files aside: what can't be the inbox, or not any more, is renamed together with what
//! SQLite keeps beside it. Nothing is deleted and nothing overwritten.

use jiff::Timestamp;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A file that was set aside, so that a new inbox could be made in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Where it is now; the inbox's own path where there was nothing left to keep.
    pub path: PathBuf,
    /// What was wrong with it, for people.
    pub why: String,
}

/// What SQLite keeps beside a database: its log of changes, the index of that, and, before it is
/// switched to the log, the journal.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

const DAMAGED: &str = "damaged";
const SET_ASIDE: &str = "set-aside";

/// Sets aside what is in the inbox's place, because a person decided so. Gives where it is now. No
/// [`crate::Inbox`] may be open on it.
pub fn set_aside(inbox: &Path) -> io::Result<PathBuf> {
    rename(inbox, SET_ASIDE, &["", "-wal", "-shm", "-journal"])
}

/// Every file that was set aside from the inbox's place, oldest first as far as their names tell.
pub fn kept_aside(inbox: &Path) -> Vec<PathBuf> {
    let (stem, extension) = name_of(inbox);
    let beginnings = [DAMAGED, SET_ASIDE].map(|word| format!("{stem}.{word}-"));
    let end = format!(".{extension}");
    let mut found = in_folder_of(inbox, |name| {
        // Where the inbox was gone, there is only what was beside it.
        let database = name.strip_suffix("-wal").unwrap_or(name);
        beginnings.iter().any(|beginning| name.starts_with(beginning))
            && database.ends_with(&end)
            && (database == name || !is_there(&inbox.with_file_name(database)))
    });
    found.sort();
    found
}

/// Sets a damaged inbox aside, with what is beside it.
pub(crate) fn damaged(inbox: &Path) -> io::Result<PathBuf> {
    rename(inbox, DAMAGED, &["", "-wal", "-shm", "-journal"])
}

/// Sets aside what is left of an inbox beside a file that it doesn't belong to.
pub(crate) fn remains(inbox: &Path) -> io::Result<PathBuf> {
    rename(inbox, DAMAGED, &COMPANIONS)
}

/// The path of what SQLite keeps beside a database.
pub(crate) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.file_name().map_or_else(OsString::new, OsString::from);
    name.push(ending);
    database.with_file_name(name)
}

/// The files in the inbox's folder that have such a name.
pub(crate) fn in_folder_of(inbox: &Path, is_one: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let folder = inbox.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = fs::read_dir(folder.unwrap_or(Path::new("."))).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_str().is_some_and(&is_one))
        .map(|entry| entry.path())
        .collect()
}

/// An inbox's name without its extension, and its extension.
pub(crate) fn name_of(inbox: &Path) -> (String, String) {
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into();
    (part(inbox.file_stem()), part(inbox.extension()))
}

/// Renames the inbox and its companions, as far as they are there. All of them, or none: a log
/// without its database is worth nothing, and beside another one it does harm.
fn rename(inbox: &Path, word: &str, endings: &[&str]) -> io::Result<PathBuf> {
    let target = free_name(inbox, word);
    let mut renamed: Vec<(PathBuf, PathBuf)> = Vec::new();
    for ending in endings {
        let (from, to) = (beside(inbox, ending), beside(&target, ending));
        match fs::rename(&from, &to) {
            Ok(()) => renamed.push((from, to)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                for (from, to) in renamed.into_iter().rev() {
                    // Where even this fails, the next opening finds what was left.
                    let _ = fs::rename(to, from);
                }
                return Err(error);
            }
        }
    }
    match renamed.into_iter().next() {
        Some((_, first)) => Ok(first),
        None => Err(ErrorKind::NotFound.into()),
    }
}

/// A name with the time that neither a file nor a companion has yet.
fn free_name(inbox: &Path, word: &str) -> PathBuf {
    let (stem, extension) = name_of(inbox);
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    let mut number = 1_u32;
    loop {
        let again = if number == 1 { String::new() } else { format!("-{number}") };
        let name = inbox.with_file_name(format!("{stem}.{word}-{time}{again}.{extension}"));
        let is_taken =
            is_there(&name) || COMPANIONS.iter().any(|ending| is_there(&beside(&name, ending)));
        if !is_taken {
            return name;
        }
        number += 1;
    }
}

/// Whether there is something of that name, be it a link to nowhere.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
