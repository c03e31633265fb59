//! The inbox is its owner's only: what this crate makes on the disk, nobody else can read.
//!
//! It leaves alone what is there already, whose access may have been chosen. On Windows the
//! profile's folders are private by themselves.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Result;
use std::path::Path;

/// Makes a folder and those above it, as far as they aren't there; on Unix with mode 0700, as the
/// XDG Base Directory Specification wants it.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes an empty file; on Unix with mode 0600, which SQLite gives to the files beside it too.
/// One that is there already is an error.
pub(crate) fn make_file(file: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}
