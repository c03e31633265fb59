//! What was measured, as a table, and what is promised of it.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::time::Duration;

const DOC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/inbox.md");
const BEGIN: &str = "<!-- ./dev bench inbox writes from here -->\n";
const END: &str = "<!-- to here -->\n";

/// How much a time may grow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Nothing is promised.
    None,
    /// To twice, from the smallest inbox to the largest.
    Flat,
    /// To three times, from the last but one to the largest.
    Search,
}

#[derive(Default)]
pub(crate) struct Table {
    columns: Vec<(u32, u64)>,
    rows: Vec<(String, Bound, Vec<Duration>)>,
}

impl Table {
    /// Adds the column of an inbox with so many alerts in so many bytes.
    pub(crate) fn column(&mut self, alerts: u32, bytes: u64) {
        self.columns.push((alerts, bytes));
    }

    /// Fills a row's next column.
    pub(crate) fn row(&mut self, name: &str, bound: Bound, time: Duration) {
        match self.rows.iter_mut().find(|row| row.0 == name) {
            Some(row) => row.2.push(time),
            None => self.rows.push((name.into(), bound, vec![time])),
        }
    }

    /// Fills a row of all columns.
    pub(crate) fn rows(&mut self, name: &str, bound: Bound, times: Vec<Duration>) {
        for time in times {
            self.row(name, bound, time);
        }
    }

    /// The table, in Markdown.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from("| alerts |");
        let mut line = String::from("| --- |");
        let mut sizes = String::from("| size of the file |");
        for (alerts, bytes) in &self.columns {
            let _ = write!(text, " {} |", grouped(*alerts));
            let _ = write!(sizes, " {} MiB |", bytes >> 20);
            line.push_str(" ---: |");
        }
        let _ = write!(
            text,
            " × from the first | × from the second | limit | × of the floor |\n{line} ---: | ---: | --- | ---: |\n{sizes} | | | |\n"
        );
        let floor = self.rows.first().and_then(|row| row.2.last()).copied().unwrap_or_default();
        for (name, bound, times) in &self.rows {
            let _ = write!(text, "| {name} |");
            for time in times {
                let _ = write!(text, " {} |", short(*time));
            }
            let (first, second) = growth(times);
            let limit = match bound {
                Bound::None => "",
                Bound::Flat => "2 × the first",
                Bound::Search => "3 × the second",
            };
            let last = times.last().copied().unwrap_or_default();
            let _ =
                writeln!(text, " {first:.1} | {second:.1} | {limit} | {:.2} |", ratio(last, floor));
        }
        text
    }

    /// Writes the table into the page that shows it.
    pub(crate) fn store(&self) -> Result<(), Box<dyn Error>> {
        let page = fs::read_to_string(DOC)?;
        let (before, rest) = page.split_once(BEGIN).ok_or("the page has no place for the table")?;
        let (_, after) = rest.split_once(END).ok_or("the place for the table has no end")?;
        Ok(fs::write(DOC, format!("{before}{BEGIN}{}{END}{after}", self.text()))?)
    }

    /// Fails where a time grew more than it may.
    pub(crate) fn check(&self) -> Result<(), Box<dyn Error>> {
        let broken: Vec<_> = self
            .rows
            .iter()
            .filter(|(_, bound, times)| match (bound, growth(times)) {
                (Bound::Flat, (first, _)) => first > 2.0,
                (Bound::Search, (_, second)) => second > 3.0,
                (Bound::None, _) => false,
            })
            .map(|row| row.0.as_str())
            .collect();
        if broken.is_empty() {
            Ok(())
        } else {
            Err(format!("grew too much: {}", broken.join("; ")).into())
        }
    }
}

/// By how much the last time is larger than the first, and than the last but one.
fn growth(times: &[Duration]) -> (f64, f64) {
    match times {
        [first, .., before, last] => (ratio(*last, *first), ratio(*last, *before)),
        _ => (0.0, 0.0),
    }
}

fn ratio(time: Duration, base: Duration) -> f64 {
    time.as_secs_f64() / base.as_secs_f64()
}

fn short(time: Duration) -> String {
    match time.as_micros() {
        micros @ ..1_000 => format!("{micros} µs"),
        micros @ ..1_000_000 => {
            format!("{:.1} ms", f64::from(u32::try_from(micros).unwrap_or(u32::MAX)) / 1e3)
        }
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let chunks: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
    chunks.iter().map(|chunk| String::from_utf8_lossy(chunk)).collect::<Vec<_>>().join(",")
}
