//! The app's folders, which nobody else on the machine may look into.

use std::path::Path;

/// Makes a folder and those above it, where they aren't there: on Unix for this user alone.
pub(crate) fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}
