//! A second decoder, written straight from the standard (HTML 9.2.6) with the whole input at hand:
//! slow, without limits, and short enough to be checked by eye. What it leaves out is the size
//! limits; what is fed to it stays below them.

/// All that a stream came to, from its first byte to the last one there is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Type, data and last event ID of each event that was dispatched.
    pub(crate) events: Vec<(String, String, String)>,
    /// The last event ID in force at the end.
    pub(crate) last_event_id: String,
    /// The last reconnection time that was set, in milliseconds.
    pub(crate) retry: Option<u64>,
}

/// Interprets a stream that began with the last event ID `initial_id`.
#[must_use]
pub(crate) fn interpret(stream: &[u8], initial_id: &str) -> Outcome {
    // "Streams must be decoded using the UTF-8 decode algorithm", which strips one mark.
    let decoded = String::from_utf8_lossy(stream);
    let decoded = decoded.strip_prefix('\u{FEFF}').unwrap_or(&decoded);
    // "Lines must be separated by either a CRLF pair, a single LF, or a single CR."
    let unified = decoded.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<&str> = unified.split('\n').collect();
    // What stands behind the last line ending is no line yet.
    lines.pop();

    let mut outcome = Outcome { last_event_id: initial_id.to_owned(), ..Outcome::default() };
    let (mut data, mut event_type, mut id) = (String::new(), String::new(), initial_id.to_owned());
    for line in lines {
        if line.is_empty() {
            outcome.last_event_id.clone_from(&id);
            let data = std::mem::take(&mut data);
            let event_type = std::mem::take(&mut event_type);
            if let Some(data) = data.strip_suffix('\n') {
                let named = if event_type.is_empty() { "message".to_owned() } else { event_type };
                outcome.events.push((named, data.to_owned(), id.clone()));
            }
            continue;
        }
        if line.starts_with(':') {
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut event_type),
            "data" => {
                data.push_str(value);
                data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                outcome.retry = Some(value.parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
    }
    outcome
}
