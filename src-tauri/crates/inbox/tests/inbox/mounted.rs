//! Disks of a size, for unit tests too. Each is a real one, a few megabytes in memory that only the
//! test's own process sees; where the system lets nobody make one, the test says so.

use std::env;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Says to this test's own program where its disk is.
const DISK: &str = "AGORA_TEST_DISK";

/// Runs a test of this program once more where a disk of that size is mounted; `None` for who started
/// that, the disk's folder for who was started.
pub(crate) fn on_a_disk_of(size: &str, test: &str) -> Option<PathBuf> {
    if let Some(disk) = env::var_os(DISK) {
        return Some(disk.into());
    }
    let folder = tempfile::tempdir().unwrap();
    let mount = format!("mount -t tmpfs -o size={size} none \"$1\"");
    let run = |script: String| {
        Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", &script, "sh"])
            .args([folder.path(), &env::current_exe().unwrap()])
            .args(["--exact", test, "--nocapture"])
            .env(DISK, folder.path())
            .output()
    };
    if !run(mount.clone()).is_ok_and(|tried| tried.status.success()) {
        // Not by way of the test's own output, which nobody sees of one that passes.
        let _ = writeln!(io::stderr(), "SKIPPED {test}: no disk can be mounted here");
        return None;
    }
    let ran = run(format!("{mount} && shift && exec \"$@\"")).unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}\n{errors}");
    None
}

/// Fills the disk to the last byte with a file, whose path it gives.
pub(crate) fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("filler");
    let mut filler = File::create(&path).unwrap();
    let mut size = 1 << 20;
    while size > 0 {
        if filler.write_all(&vec![1; size]).is_err() {
            size /= 2;
        }
    }
    path
}
