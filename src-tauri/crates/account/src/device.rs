//! The id of this device: made once, and kept for good in a small file.

use crate::AccountError;
use agora_client::DeviceId;
use agora_home::private::{self, Unusable, unusable};
use std::io;
use std::path::Path;

/// How large the file may be, in bytes. It holds one line.
const LIMIT: u64 = 1024;

/// The device id in a file, which is made where there is none.
pub(crate) fn device_id_in(file: &Path) -> Result<DeviceId, AccountError> {
    let id = kept(file).and_then(|kept| kept.map_or_else(|| make(file), Ok));
    id.map_err(|error| AccountError::DeviceId(file.to_owned(), error))
}

fn make(file: &Path) -> io::Result<DeviceId> {
    let id = DeviceId::generate();
    private::replace(file, id.as_str()).map(|()| id)
}

/// The id that was kept; a file that holds none is set aside.
fn kept(file: &Path) -> io::Result<Option<DeviceId>> {
    let bytes = match private::read(file, LIMIT) {
        Ok(None) => return Ok(None),
        Ok(Some(bytes)) => bytes,
        Err(error) if matches!(unusable(&error), Some(Unusable::TooLarge(_))) => Vec::new(),
        Err(error) => return Err(error),
    };
    let text = str::from_utf8(private::without_mark(&bytes)).unwrap_or_default();
    if let Ok(id) = DeviceId::parse(text.trim()) {
        return Ok(Some(id));
    }
    let aside = private::set_aside(file, "damaged")?;
    tracing::warn!(aside = %aside.display(), "a damaged device id was set aside: this device gets another");
    Ok(None)
}
