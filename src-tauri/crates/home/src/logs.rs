//! The log: one file a program of the app, five of at most 1 MiB with those before it, in the folder for
//! logs; and standard error.
//!
//! What may stand in it at any level: no token, no user, no client id, no alert's text, and nothing that
//! the market says. It is our own crates' to keep to; the libraries' finer levels can't be had, since
//! nobody can promise it of them.

use crate::open_to_append;
use crate::private::open_to_lock;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How large one may become, in bytes.
const LIMIT: u64 = 1024 * 1024;
/// How many there are: `NAME.log`, and before it `NAME.1.log` to `NAME.4.log`.
const FILES: usize = 5;

/// Starts the log of the program of that name; it lasts as long as the guard. A log that can't be written
/// is no reason not to receive. Only our own crates can be made to say more: the libraries' logs may hold
/// URLs, and with them the client id.
pub(crate) fn start(folder: &Path, name: &str, level: Option<LevelFilter>) -> Option<WorkerGuard> {
    let level = level.unwrap_or(LevelFilter::INFO);
    let filter =
        Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("agora", level);
    let (layer, guard, error) = match Rotating::open(folder, name, LIMIT) {
        Ok(file) => {
            let (writer, guard) = tracing_appender::non_blocking(file);
            (Some(fmt::layer().with_ansi(false).with_writer(writer)), Some(guard), None)
        }
        Err(error) => (None, None, Some(error)),
    };
    let to_terminal = fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    tracing_subscriber::registry().with(filter).with(layer).with(to_terminal).init();
    if let Some(error) = error {
        tracing::warn!(%error, "no log can be written");
    }
    guard
}

/// A log that gives way to the next when it is full. The libraries that do it make files that others may
/// read, would wait for the other end of a pipe, and know nothing of a second program on the same files,
/// which is how the app is when it is started while it runs.
struct Rotating {
    folder: PathBuf,
    name: String,
    limit: u64,
    file: File,
}

impl Rotating {
    fn open(folder: &Path, name: &str, limit: u64) -> io::Result<Self> {
        let file = open_to_append(&path(folder, name, 0))?;
        Ok(Self { folder: folder.to_owned(), name: name.to_owned(), limit, file })
    }

    /// Makes room for so many bytes. Where the next file can't be had it goes on in this one, as long as
    /// that isn't twice as long as it may be: what can't be kept then is lost.
    fn make_room(&mut self, bytes: u64) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        if length == 0 || length + bytes <= self.limit {
            return Ok(());
        }
        match self.next(bytes) {
            Ok(file) => self.file = file,
            Err(error) if length + bytes > 2 * self.limit => return Err(error),
            Err(_) => {}
        }
        Ok(())
    }

    /// The file to go on in: a new one, unless another program has just made it.
    fn next(&self, bytes: u64) -> io::Result<File> {
        let lock = open_to_lock(&self.folder.join(format!("{}.lock", self.name)))?;
        lock.lock()?;
        let present = path(&self.folder, &self.name, 0);
        let is_full = present.metadata().is_ok_and(|found| found.len() + bytes > self.limit);
        if is_full {
            for number in (0..FILES - 1).rev() {
                let [from, to] = [number, number + 1].map(|n| path(&self.folder, &self.name, n));
                if let Err(error) = fs::rename(from, to)
                    && error.kind() != io::ErrorKind::NotFound
                {
                    return Err(error);
                }
            }
        }
        open_to_append(&present)
    }
}

impl Write for Rotating {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.make_room(bytes.len() as u64)?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn path(folder: &Path, name: &str, number: usize) -> PathBuf {
    match number {
        0 => folder.join(format!("{name}.log")),
        _ => folder.join(format!("{name}.{number}.log")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_os = "linux")]
    use crate::mounted;

    const SMALL: u64 = 1_000;

    /// What is in each file, the present one first, as far as there are any.
    fn texts(folder: &Path) -> Vec<String> {
        (0..).map_while(|number| fs::read_to_string(path(folder, "app", number)).ok()).collect()
    }

    fn open(folder: &Path) -> Rotating {
        Rotating::open(folder, "app", SMALL).unwrap()
    }

    fn line(number: usize) -> String {
        format!("line {number:05}\n")
    }

    #[test]
    fn five_files_are_kept_each_within_its_limit_and_no_line_is_torn() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("app.notes.log"), "mine").unwrap();
        let mut log = open(folder.path());
        for number in 0..1_000 {
            log.write_all(line(number).as_bytes()).unwrap();
        }
        let texts = texts(folder.path());
        assert_eq!(texts.len(), FILES);
        assert!(texts.iter().all(|text| text.len() as u64 <= SMALL && text.ends_with('\n')));
        let kept: String = texts.into_iter().rev().collect();
        let expected: String = (0..1_000).map(line).collect();
        assert!(kept.len() > 4_000 && expected.ends_with(&kept), "{kept}");
        assert_eq!(fs::read_to_string(folder.path().join("app.notes.log")).unwrap(), "mine");
    }

    #[test]
    fn a_log_is_added_to_and_a_full_one_gives_way_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["one ", "two "] {
            open(folder.path()).write_all(text.as_bytes()).unwrap();
        }
        assert_eq!(texts(folder.path()), ["one two "]);
        fs::write(path(folder.path(), "app", 0), vec![b'x'; 5_000]).unwrap();
        open(folder.path()).write_all(b"three").unwrap();
        assert_eq!(texts(folder.path())[0], "three");
        assert_eq!(texts(folder.path())[1].len(), 5_000, "as it was found");
    }

    #[test]
    fn two_programs_on_one_log_lose_no_line_and_turn_to_the_next_file_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut programs = [open(folder.path()), open(folder.path())];
        // Fewer than would push anything out.
        for number in 0..350 {
            programs[number % 2].write_all(line(number).as_bytes()).unwrap();
        }
        let texts = texts(folder.path());
        assert_eq!(texts.len(), 4, "350 lines of 11 bytes in files of 1,000");
        let mut kept: Vec<_> = texts.iter().flat_map(|text| text.lines()).collect();
        kept.sort_unstable();
        let expected: Vec<_> = (0..350).map(line).collect();
        assert_eq!(kept, expected.iter().map(|line| line.trim_end()).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_in_the_way_of_the_next_file_stops_it_only_when_this_one_is_twice_as_long() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = open(folder.path());
        let lock = folder.path().join("app.lock");
        fs::create_dir(&lock).unwrap();
        let written = (0..1_000).take_while(|n| log.write_all(line(*n).as_bytes()).is_ok()).count();
        assert_eq!(written, 181, "of 11 bytes in 2,000");
        fs::remove_dir(lock).unwrap();
        log.write_all(b"again").unwrap();
        assert_eq!(texts(folder.path())[0], "again");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn on_a_full_disk_lines_are_lost_and_with_space_it_goes_on() {
        let test = "logs::tests::on_a_full_disk_lines_are_lost_and_with_space_it_goes_on";
        let Some(disk) = mounted::on_a_disk_of("256k", test) else { return };
        let mut log = open(&disk);
        log.write_all(b"before\n").unwrap();
        let filler = mounted::fill(&disk);
        // What is left of the page that the first line is in, and no more.
        let fails = (0..1_000).any(|number| log.write_all(line(number).as_bytes()).is_err());
        assert!(fails);
        fs::remove_file(filler).unwrap();
        log.write_all(b"after\n").unwrap();
        assert!(texts(&disk).iter().any(|text| text.ends_with("after\n")));
    }

    #[cfg(unix)]
    #[test]
    fn every_one_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mut log = open(folder.path());
        for number in 0..300 {
            log.write_all(line(number).as_bytes()).unwrap();
        }
        let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap());
        let modes: Vec<_> =
            files.map(|file| file.metadata().unwrap().permissions().mode() & 0o777).collect();
        assert!(modes.len() > 3 && modes.iter().all(|mode| *mode == 0o600), "{modes:?}");
    }
}
