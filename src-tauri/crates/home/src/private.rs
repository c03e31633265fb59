//! The one way in which our small files are opened: settings, device ids, lock and log.
//!
//! What is opened is a file, its owner's only (mode 0600, whatever the umask), in a folder that is
//! its owner's only. What lies in its place instead, such as a pipe or a device, is refused and not
//! waited for, and no more is read than a file of ours can hold. A link to a file stays a link: what
//! it leads to is read, written and set aside. The inbox's file is made here, too; then it is SQLite's, and opened by `inbox`.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// How many links one may lead to another, as on Linux.
const MAX_LINKS: usize = 40;

/// What lies in a file's place can't be used as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// A folder, a pipe, a socket or a device.
    #[error("it is no file: move it away")]
    NotAFile,
    /// It holds more than any file of ours.
    #[error("it is larger than {} KiB", .0 / 1024)]
    TooLarge(u64),
}

impl From<Unusable> for io::Error {
    fn from(unusable: Unusable) -> Self {
        Self::new(ErrorKind::InvalidData, unusable)
    }
}

/// Why that error came, where it is one of ours.
pub fn unusable(error: &io::Error) -> Option<Unusable> {
    error.get_ref().and_then(|inner| inner.downcast_ref()).copied()
}

/// The whole of a file, which may be `limit` bytes long; `None` where there is none.
pub fn read(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let file = match open(path, File::options().read(true)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(Unusable::TooLarge(limit).into()) } else { Ok(Some(bytes)) }
}

/// The text without a byte order mark, which some editors put before it.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Opens a file to add to its end; it is made where there is none, and its folder too.
pub fn open_to_append(path: &Path) -> io::Result<File> {
    open_own(path, File::options().append(true))
}

/// Opens a file to lock it; it is made where there is none, and its folder too.
pub fn open_to_lock(path: &Path) -> io::Result<File> {
    open_own(path, File::options().write(true).truncate(false))
}

/// Makes an empty file. One that is there already is an error.
pub fn make_new(path: &Path) -> io::Result<()> {
    open(path, File::options().write(true).create_new(true)).and_then(|file| make_private(&file))
}

/// Replaces a file's text in one step that a power cut can't tear.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let target = followed(path);
    if target == path {
        make_private_folder(folder_of(path))?;
    }
    let mut new = tempfile::NamedTempFile::new_in(folder_of(&target))?;
    new.write_all(text.as_bytes())?;
    new.write_all(b"\n")?;
    make_private(new.as_file())?;
    new.as_file().sync_all()?;
    new.persist(target)?;
    Ok(())
}

/// Gives a file a name beside it that none has, with a word that says why; gives that name.
pub fn set_aside(path: &Path, why: &str) -> io::Result<PathBuf> {
    let file = followed(path);
    let aside = (1..=u32::MAX)
        .map(|n| named_aside(&file, why, n))
        .find(|aside| aside.symlink_metadata().is_err())
        .ok_or(ErrorKind::AlreadyExists)?;
    fs::rename(file, &aside)?;
    Ok(aside)
}

/// `settings.json` as `settings.damaged-1.json`.
fn named_aside(file: &Path, why: &str, number: u32) -> PathBuf {
    let mut name: OsString = file.file_stem().unwrap_or_default().to_owned();
    name.push(format!(".{why}-{number}"));
    if let Some(extension) = file.extension() {
        name.push(".");
        name.push(extension);
    }
    file.with_file_name(name)
}

/// Makes a folder and those above it, as far as they aren't there; on Unix only for their owner (mode
/// 0700, whatever the umask), as the XDG Base Directory Specification wants it. The access of one that
/// is there stays as it was chosen.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    let missing: Vec<_> = folder.ancestors().take_while(|folder| !folder.is_dir()).collect();
    for folder in missing.into_iter().rev().filter(|folder| !folder.as_os_str().is_empty()) {
        match make_folder(folder) {
            // Another program has just made it.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => {}
            made => {
                made?;
                #[cfg(unix)]
                fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
            }
        }
    }
    Ok(())
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

fn open_own(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    make_private_folder(folder_of(path))?;
    let file = open(path, options.create(true))?;
    make_private(&file)?;
    Ok(file)
}

/// Opens what is a file, and looks again at what was opened: it may have been put there since.
fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Err(Unusable::NotAFile.into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Neither waits for the other end of a pipe, nor takes a terminal for its own.
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(Unusable::NotAFile.into()) }
}

/// Takes a file's access from everyone but its owner. Where it is somebody else's, that is theirs to do.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "on Unix it may fail"))]
fn make_private(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let found = file.metadata()?;
        let is_ours = found.uid() == rustix::process::geteuid().as_raw();
        if is_ours && found.permissions().mode() & 0o777 != 0o600 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// Where a path's links lead, whether there is something or not.
fn followed(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match path.read_link() {
            Ok(target) => path = folder_of(&path).join(target),
            Err(_) => break,
        }
    }
    path
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
