//! Where the socket is: in a folder of its own under the runtime folder (XDG Base Directory
//! Specification), which nobody else can enter. Who connects is looked at all the same.

use crate::frame::{FrameReader, FrameWriter};
use crate::name::bus_name;
use agora_home::{Files, make_private_folder};
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tokio::net::{UnixListener, UnixStream};

/// Where windows connect. Dropping it takes the socket away.
#[derive(Debug)]
pub struct Listener {
    socket: UnixListener,
    path: PathBuf,
}

impl Listener {
    /// Makes the socket of a home's app. One that nobody listens on any more is replaced.
    pub async fn bind(files: &Files) -> io::Result<Self> {
        let path = path(files);
        let folder = path.parent().unwrap_or(Path::new("."));
        make_private_folder(folder)?;
        let made = fs::symlink_metadata(folder)?;
        if !made.is_dir() || made.uid() != own_id() {
            return Err(io::Error::new(ErrorKind::PermissionDenied, "its folder is another's"));
        }
        if UnixStream::connect(&path).await.is_ok() {
            return Err(io::Error::new(ErrorKind::AddrInUse, "another one listens there"));
        }
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let socket = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        Ok(Self { socket, path })
    }

    /// The next that connects; another user's is refused. Cancel-safe.
    pub async fn accept(&self) -> io::Result<(FrameReader, FrameWriter)> {
        let (stream, _) = self.socket.accept().await?;
        halves(stream)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // One that stays is replaced at the next start.
        let _ = fs::remove_file(&self.path);
    }
}

/// Connects to the resident of a home, if there is one.
pub async fn connect(files: &Files) -> io::Result<(FrameReader, FrameWriter)> {
    connect_at(&path(files)).await
}

/// Connects to the resident whose socket this is.
pub async fn connect_at(path: &Path) -> io::Result<(FrameReader, FrameWriter)> {
    halves(UnixStream::connect(path).await?)
}

fn halves(stream: UnixStream) -> io::Result<(FrameReader, FrameWriter)> {
    if stream.peer_cred()?.uid() != own_id() {
        return Err(io::Error::new(
            ErrorKind::PermissionDenied,
            "the other side is another user's",
        ));
    }
    let (read, write) = stream.into_split();
    Ok((FrameReader::new(read), FrameWriter::new(write)))
}

fn own_id() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn path(files: &Files) -> PathBuf {
    match dirs::runtime_dir() {
        Some(folder) => folder.join(bus_name(files)).join("window"),
        None => files.inbox.with_file_name("run").join("window"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FromWindow, ToWindow};

    fn files(folder: &Path) -> Files {
        Files::find(Some(folder)).unwrap()
    }

    #[tokio::test]
    async fn what_is_said_on_one_side_is_heard_on_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let listener = Listener::bind(&files).await.unwrap();
        let (window, resident) = tokio::join!(connect(&files), listener.accept());
        let ((mut reader, mut writer), mut resident) = (window.unwrap(), resident.unwrap());
        writer.send(&FromWindow::Hello { version: "1".into() }).await.unwrap();
        let first = resident.0.next::<FromWindow>().await.unwrap();
        assert!(matches!(first, Some(FromWindow::Hello { version }) if version == "1"));
        resident.1.send(&ToWindow::Quit).await.unwrap();
        assert!(matches!(reader.next::<ToWindow>().await.unwrap(), Some(ToWindow::Quit)));
        drop((reader, writer));
        assert!(resident.0.next::<FromWindow>().await.unwrap().is_none(), "it is gone");
    }

    #[tokio::test]
    async fn one_that_is_left_over_is_replaced_and_one_that_is_in_use_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let left = Listener::bind(&files).await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!(mode(&left.path), 0o600);
        assert_eq!(mode(left.path.parent().unwrap()), 0o700);
        assert_eq!(Listener::bind(&files).await.unwrap_err().kind(), ErrorKind::AddrInUse);
        // As a program leaves it that was killed.
        let path = left.path.clone();
        let kept = path.with_file_name("kept");
        fs::hard_link(&path, &kept).unwrap();
        drop(left);
        fs::rename(kept, &path).unwrap();
        assert!(connect(&files).await.is_err());
        Listener::bind(&files).await.unwrap();
        assert!(!path.exists(), "it goes with its listener");
    }
}
