//! `agora inbox` on the command line: which alerts, as what, and where to.

use crate::exit::Failure;
use agora_alert::catalogue::{self, Language};
use agora_inbox::{Category, Filter};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use jiff::{Span, Timestamp, ZonedDateTime};
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Nothing is written to the inbox: the app may be running.

Examples:
  agora inbox list --unread --limit 5
  agora inbox search tea pot --since 30d
  agora inbox export --output alerts.csv";

const LIST_EXAMPLES: &str = "\
Newest first. On a terminal each alert is a line for people: • is unread, ! urgent. In a pipe or with
--json it is a line of JSON with id, at (RFC 3339, UTC), at_ms, kind, category, title and
content (each {\"en\":…,\"zh-TW\":…}), urgent, read, starred, remind_at, link, event, data and event_id.

A DATE is a day of this computer's time (2026-11-24), how long ago (7d, 12h), or RFC 3339.

Examples:
  agora inbox list --json
  agora inbox list --category money --since 2026-11-01 --until 2026-11-30
  agora inbox list --json --unread --limit 100 | jq -r .title.en";

const SEARCH_EXAMPLES: &str = "\
Every word must occur in the title, the content or the fields, in any language; upper and lower
case and full width are the same, and a single Chinese character is enough. Newest first, in the
form of `agora inbox list`.

Examples:
  agora inbox search 茶壺
  agora inbox search refund 20418 --category orders --since 90d";

const EXPORT_EXAMPLES: &str = "\
Oldest first, and all of them: it is written as it is read. Without --output it goes to standard
output. With it there is a line {\"file\":…,\"alerts\":…}; a file that is there already stays, and the
new one's name gets a number.

Examples:
  agora inbox export > alerts.csv
  agora inbox export --language zh-TW --since 2026-01-01 --output alerts.csv
  agora inbox export --format jsonl --category money | jq -r .title.en
  agora inbox export --search 茶壺 --output tea.jsonl";

/// What to do with the inbox.
#[derive(Debug, Subcommand)]
pub(crate) enum InboxCommand {
    /// Print the newest alerts
    #[command(after_help = LIST_EXAMPLES)]
    List {
        #[command(flatten)]
        filter: FilterArguments,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Print the newest alerts that say something
    #[command(after_help = SEARCH_EXAMPLES)]
    Search {
        /// What they say
        #[arg(required = true, value_name = "TEXT")]
        text: Vec<String>,
        #[command(flatten)]
        filter: FilterArguments,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Write all alerts as CSV or JSON lines
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(ExportArguments),
}

/// How much is printed.
#[derive(Debug, Args)]
pub(crate) struct PageArguments {
    /// As JSON on a terminal too, as where a program reads it
    #[arg(long)]
    pub(crate) json: bool,
    /// At most this many, up to 1000
    #[arg(
        long,
        value_name = "N",
        default_value_t = 20,
        value_parser = clap::value_parser!(u16).range(1..=1000)
    )]
    pub(crate) limit: u16,
}

/// Which alerts.
#[derive(Debug, Args)]
pub(crate) struct FilterArguments {
    /// Only those of this category
    #[arg(long, value_parser = category())]
    category: Option<Category>,
    /// Only unread ones
    #[arg(long)]
    unread: bool,
    /// Only those with a star
    #[arg(long)]
    starred: bool,
    /// Only urgent ones
    #[arg(long)]
    urgent: bool,
    /// Only those of this day or time, or later
    #[arg(long, value_name = "DATE", value_parser = since)]
    since: Option<i64>,
    /// Only those of this day or earlier, or before this time
    #[arg(long, value_name = "DATE", value_parser = until)]
    until: Option<i64>,
}

/// What is exported, and where to.
#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The form; jsonl where --output ends so, else csv
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<FormatName>,
    /// The language of titles and contents in CSV
    #[arg(long, value_parser = language(), default_value = Language::EN.tag())]
    pub(crate) language: Language,
    /// The file to write, instead of standard output, which is - too
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Only those that say this; see `agora inbox search`
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    #[command(flatten)]
    pub(crate) filter: FilterArguments,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    /// For spreadsheets
    Csv,
    /// An object a line, as `agora inbox list` prints it
    Jsonl,
}

impl FilterArguments {
    /// The inbox's own.
    pub(crate) fn filter(&self) -> Result<Filter, Failure> {
        if let (Some(since), Some(until)) = (self.since, self.until)
            && since >= until
        {
            return Err(Failure::wrong_use("--since is not before --until: nothing is in between"));
        }
        Ok(Filter {
            category: self.category,
            unread: self.unread,
            urgent: self.urgent,
            starred: self.starred,
            reminders: false,
            from_ms: self.since,
            to_ms: self.until,
            ..Filter::ALL
        })
    }
}

/// A language by its tag, each with its own name in the help.
fn language() -> impl TypedValueParser<Value = Language> {
    let named = |language: Language| {
        PossibleValue::new(language.tag()).help(catalogue::text(language, "language.name"))
    };
    PossibleValuesParser::new(Language::ALL.map(named))
        .map(|tag| Language::of_tag(&tag).unwrap_or_default())
}

fn category() -> impl TypedValueParser<Value = Category> {
    PossibleValuesParser::new(Category::ALL.map(Category::name))
        .map(|name| Category::from_name(&name))
}

/// The first millisecond that is meant, since the Unix epoch.
fn since(text: &str) -> Result<i64, String> {
    bounds(text, &ZonedDateTime::now()).map(|(first, _)| first)
}

/// The first millisecond that is not meant any more, since the Unix epoch.
fn until(text: &str) -> Result<i64, String> {
    bounds(text, &ZonedDateTime::now()).map(|(_, end)| end)
}

/// Where a date begins and where it ends, which for a moment is the same.
fn bounds(text: &str, now: &ZonedDateTime) -> Result<(i64, i64), String> {
    let moment = |at: Timestamp| (at.as_millisecond(), at.as_millisecond());
    if let Some(day) = day(text) {
        let begins = |day: Date| day.to_zoned_datetime(now.time_zone().clone());
        return begins(day)
            .and_then(|first| Ok((first, begins(day.tomorrow()?)?)))
            .map(|(first, end)| (moment(first.timestamp()).0, moment(end.timestamp()).0))
            .map_err(|_| "that day is too far away".to_owned());
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(moment(at));
    }
    let ago = text.parse::<Span>().ok().filter(|span| !span.is_negative());
    ago.and_then(|ago| now.checked_sub(ago).ok())
        .map(|at| moment(at.timestamp()))
        .ok_or_else(|| "it must be like 2026-11-24, 7d or 2026-11-24T08:00:00+08:00".to_owned())
}

/// A day alone, without a time.
fn day(text: &str) -> Option<Date> {
    text.parse().ok().filter(|day: &Date| day.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_whole_local_day_a_time_ago_or_a_moment() {
        // On that day Berlin's clocks went back: it has 25 hours.
        let now: ZonedDateTime = "2026-10-26T12:00:00+01:00[Europe/Berlin]".parse().unwrap();
        let at = |time: &str| time.parse::<Timestamp>().unwrap().as_millisecond();
        let of = |text: &str| bounds(text, &now);
        let (first, end) = of("2026-10-25").unwrap();
        assert_eq!((first, end), (at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z")));
        let moment = at("2026-11-24T00:00:00.5Z");
        assert_eq!(of("2026-11-24T08:00:00.5+08:00"), Ok((moment, moment)));
        // Seven days, and not seven times 24 hours.
        assert_eq!(of("7d").unwrap().0, at("2026-10-19T10:00:00Z"));
        assert_eq!(of("12h").unwrap().0, at("2026-10-25T23:00:00Z"));
        for wrong in ["", "yesterday", "-7d", "7", "2026-13-01", "2026-11-24T08:00:00", "20261124"]
        {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
