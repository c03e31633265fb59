//! What is printed for people: a table or sentences in place of JSON, where the standard output is a
//! terminal and nobody asked for JSON. As wide as the terminal is, and coloured where it may be
//! (<https://no-color.org>, `CLICOLOR`, `TERM=dumb`).

use agora_alert::catalogue::Language;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use jiff::{Timestamp, ZonedDateTime};
use std::io::{self, IsTerminal};
use terminal_size::{Width, terminal_size};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a terminal has that doesn't say how wide it is.
const USUAL_WIDTH: u16 = 80;
/// Narrower ones break the lines themselves.
const LEAST_WIDTH: u16 = 40;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const NEW: Style = AnsiColor::Cyan.on_default().bold();
/// What was looked for.
pub(crate) const HIT: Style = AnsiColor::Yellow.on_default().bold();

/// A terminal that people read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// In columns.
    pub(crate) width: usize,
    coloured: bool,
}

impl Terminal {
    /// The standard output, where it is one; `None` where a program reads it, or `json` is wished for.
    pub(crate) fn of_output(json: bool) -> Option<Self> {
        let stdout = io::stdout();
        if json || !stdout.is_terminal() {
            return None;
        }
        let Width(width) = terminal_size().map_or(Width(USUAL_WIDTH), |(width, _)| width);
        let coloured = AutoStream::choice(&stdout) != ColorChoice::Never;
        Some(Self { width: width.max(LEAST_WIDTH).into(), coloured })
    }

    /// A text in a style.
    pub(crate) fn styled(self, style: Style, text: &str) -> String {
        if self.coloured && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// A label and what it is for, a line each.
    pub(crate) fn described(self, lines: &[(&str, String)]) -> String {
        let widest = lines.iter().map(|(label, _)| label.width()).max().unwrap_or_default();
        let line = |(label, text): &(&str, String)| {
            format!("{}  {text}\n", self.styled(DIM, &padded(label, widest)))
        };
        lines.iter().map(line).collect()
    }

    /// A table of texts under their names, each column as wide as it has to be.
    pub(crate) fn table<const N: usize>(self, names: [&str; N], rows: &[[String; N]]) -> String {
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row[column].width());
            cells.chain([names[column].width()]).max().unwrap_or_default()
        };
        let widths: [usize; N] = std::array::from_fn(width);
        let line = |cells: &[String; N]| {
            let cells = cells.iter().zip(widths).map(|(cell, width)| padded(cell, width));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        let head = self.styled(DIM, &line(&names.map(str::to_uppercase)));
        let lines = std::iter::once(head).chain(rows.iter().map(line));
        lines.map(|line| line + "\n").collect()
    }
}

/// A text as wide as a column, unless it is wider.
pub(crate) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// As much of a text as a column has room for, with an ellipsis where that isn't all.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let fits = |c: &char| {
        let wide = c.width().unwrap_or_default();
        let has_room = wide <= left;
        left = left.saturating_sub(wide);
        has_room
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

/// How wide [`when`] is at most.
pub(crate) const WHEN: usize = "yesterday 14:03".len();

/// A time as people say it: of today its hour, then the day, then the date.
pub(crate) fn when(at_ms: i64, now: &ZonedDateTime) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    let at = at.to_zoned_datetime(now.time_zone().clone());
    let days = now.date().duration_since(at.date()).as_hours() / 24;
    let form = match days {
        0 => "%H:%M",
        1 => "yesterday %H:%M",
        2..=6 => "%A %H:%M",
        _ if at.year() == now.year() => "%-d %b %H:%M",
        _ => "%Y-%m-%d",
    };
    cut(&at.strftime(form).to_string(), WHEN)
}

/// The language that this terminal's user reads, by the environment as POSIX has it.
pub(crate) fn language() -> Language {
    let given = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    Language::of_locales(["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(given))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_text_is_cut_by_the_columns_that_it_takes() {
        for (text, width, expected) in [
            ("order", 5, "order"),
            ("orders", 5, "orde…"),
            ("訂單已出貨", 10, "訂單已出貨"),
            ("訂單已出貨", 9, "訂單已出…"),
            ("訂單已出貨", 8, "訂單已…"),
            ("a bc", 3, "a…"),
            ("", 3, ""),
        ] {
            assert_eq!(cut(text, width), expected, "{text} in {width}");
            assert!(cut(text, width).width() <= width);
        }
        assert_eq!(padded("訂單", 6), "訂單  ");
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        let zone = jiff::tz::TimeZone::get("Asia/Taipei").unwrap();
        let at = |day: jiff::civil::Date, hour| {
            let at = day.at(hour, 3, 0, 0).to_zoned_datetime(zone.clone()).unwrap();
            at.timestamp().as_millisecond()
        };
        // A Saturday.
        let now = date(2026, 11, 28).at(14, 30, 0, 0).to_zoned_datetime(zone.clone()).unwrap();
        for (day, hour, expected) in [
            (date(2026, 11, 28), 14, "14:03"),
            (date(2026, 11, 28), 0, "00:03"),
            (date(2026, 11, 27), 23, "yesterday 23:03"),
            (date(2026, 11, 25), 9, "Wednesday 09:03"),
            (date(2026, 11, 21), 9, "21 Nov 09:03"),
            (date(2025, 12, 31), 9, "2025-12-31"),
            (date(2026, 11, 29), 9, "29 Nov 09:03"),
        ] {
            assert_eq!(when(at(day, hour), &now), expected);
            assert!(expected.len() <= WHEN);
        }
    }

    #[test]
    fn a_table_stands_in_columns_and_is_plain_without_colour() {
        let plain = Terminal { width: 80, coloured: false };
        let rows = [["main".to_owned(), "林記".to_owned()], ["b".to_owned(), "x".to_owned()]];
        assert_eq!(plain.table(["name", "label"], &rows), "NAME  LABEL\nmain  林記\nb     x\n");
        assert_eq!(
            plain.described(&[("id", "7".into()), ("token", "none".into())]),
            "id     7\ntoken  none\n"
        );
        let coloured = Terminal { width: 80, coloured: true };
        assert_eq!(coloured.styled(BOLD, "a"), "\u{1b}[1ma\u{1b}[0m");
        assert_eq!(coloured.styled(BOLD, ""), "");
    }
}
