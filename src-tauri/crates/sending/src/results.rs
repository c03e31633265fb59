//! What became of each recipient, as a table for other programs.

use crate::{Ledger, LedgerError, SendingId};
use jiff::Timestamp;
use std::io::{self, Write};

/// How many lines are read at a time.
const CHUNK: u32 = 500;

/// What a spreadsheet would take for a formula, at the beginning of a cell.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Why no table was written.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The file.
    #[error("the table can't be written")]
    File(#[from] io::Error),
}

/// Writes what became of each recipient as CSV, in UTF-8 with a mark, as Excel reads it. How many there are.
pub async fn write_csv(
    ledger: &Ledger,
    id: SendingId,
    mut file: impl Write,
) -> Result<u64, ResultsError> {
    file.write_all(b"\xEF\xBB\xBF")?;
    let mut table = csv::Writer::from_writer(file);
    let header = ["line", "user_id", "outcome", "status", "reason", "at", "seen_at", "tries"];
    table.write_record(header).map_err(io::Error::from)?;
    let (mut after, mut count) = (0, 0);
    loop {
        let page = ledger.lines(id, None, after, CHUNK).await?;
        for line in page.lines {
            after = line.number;
            count += 1;
            let status = line.status.map(|status| status.to_string());
            let record = [
                line.number.to_string(),
                harmless(line.user.as_deref()),
                line.outcome.word().to_owned(),
                status.unwrap_or_default(),
                harmless(line.why.as_deref()),
                time(line.at),
                time(line.seen),
                line.tries.to_string(),
            ];
            table.write_record(record).map_err(io::Error::from)?;
        }
        if !page.more {
            table.flush()?;
            return Ok(count);
        }
    }
}

fn harmless(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    if text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}

fn time(at: Option<i64>) -> String {
    let at = at.and_then(|at| Timestamp::from_millisecond(at).ok());
    at.map(|at| at.to_string()).unwrap_or_default()
}
