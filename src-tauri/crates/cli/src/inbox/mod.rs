//! `agora inbox`: what the app keeps, read beside it and never written.

mod table;

use crate::args::{ExportArguments, FormatName, InboxCommand, PageArguments};
use crate::exit::Failure;
use crate::identity::{self, Whose};
use crate::output::{Lines, OutputError, reader_gone, say};
use crate::signals::{Asked, Signals};
use crate::terminal::Terminal;
use agora_alert::catalogue::Language;
use agora_inbox::search::{Query, Search};
use agora_inbox::{
    Access, Alert, Export, ExportError, Filter, Format, Inbox, Seek, export, export_to_file, json,
};
use anyhow::{Context, anyhow};
use jiff::tz::TimeZone;
use std::io;
use std::path::{Path, PathBuf};
use table::Table;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

/// How many alerts are read at a time.
const PAGE: usize = 100;

/// Runs the command.
pub(crate) async fn run(whose: &Whose, command: InboxCommand, lines: Lines) -> Result<(), Failure> {
    let accounts = whose.accounts(identity::environment()?)?;
    let file = &accounts.files().inbox;
    if !file.try_exists().with_context(|| format!("{} can't be read", file.display()))? {
        say("there is no inbox yet: the app makes it when it starts");
        return Ok(());
    }
    match command {
        InboxCommand::List { filter, page } => {
            let alerts = Alerts::new(&page, None, lines);
            list(&open(file)?, filter.filter()?, page.limit.into(), alerts).await
        }
        InboxCommand::Search { text, filter, page } => {
            let text = searchable(text.join(" "))?;
            let alerts = Alerts::new(&page, Some(&text), lines);
            search(&open(file)?, text, filter.filter()?, page.limit.into(), alerts).await
        }
        InboxCommand::Export(arguments) => write(file.clone(), arguments, lines).await,
    }
}

/// Alerts on their way out: in JSON, or in lines for people.
struct Alerts {
    lines: Lines,
    table: Option<Table>,
    any: bool,
}

impl Alerts {
    fn new(page: &PageArguments, query: Option<&str>, lines: Lines) -> Self {
        let table = Terminal::of_output(page.json).map(|terminal| Table::new(terminal, query));
        Self { lines, table, any: false }
    }

    async fn write(&mut self, alert: &Alert) -> Result<(), OutputError> {
        self.any = true;
        match &self.table {
            Some(table) => self.lines.write_text(&table.line(alert)).await,
            None => self.lines.write(&json(alert)).await,
        }
    }

    /// Nothing found is no fault, and told where somebody waits for it.
    fn end(self) {
        if !self.any && self.table.is_some() {
            say("no alert is like that");
        }
    }
}

fn open(file: &Path) -> Result<Inbox, Failure> {
    Ok(Inbox::open(file, Access::ReadOnly).map_err(anyhow::Error::from)?)
}

async fn list(
    inbox: &Inbox,
    filter: Filter,
    limit: usize,
    mut alerts: Alerts,
) -> Result<(), Failure> {
    let (mut left, mut seek) = (limit, Seek::Newest);
    while left > 0 {
        let page =
            inbox.page(filter, seek, left.min(PAGE)).await.context("the inbox can't be read")?;
        for alert in &page.alerts {
            alerts.write(alert).await?;
        }
        left -= page.alerts.len();
        match page.alerts.last() {
            Some(last) if page.more => seek = Seek::OlderThan(last.id),
            _ => break,
        }
    }
    alerts.end();
    Ok(())
}

async fn search(
    inbox: &Inbox,
    text: String,
    filter: Filter,
    limit: usize,
    mut alerts: Alerts,
) -> Result<(), Failure> {
    let mut search = Search { text, filter, before: None, limit };
    while search.limit > 0 {
        let wanted = Search { limit: search.limit.min(PAGE), ..search.clone() };
        let page = inbox.search(wanted).await.context("the inbox can't be read")?;
        for hit in &page.hits {
            alerts.write(&hit.alert).await?;
        }
        search.limit -= page.hits.len();
        search.before = page.next;
        if page.next.is_none() {
            break;
        }
    }
    alerts.end();
    Ok(())
}

async fn write(
    inbox: PathBuf,
    arguments: ExportArguments,
    mut lines: Lines,
) -> Result<(), Failure> {
    let what = Export {
        filter: arguments.filter.filter()?,
        text: arguments.search.map(searchable).transpose()?,
        format: format(arguments.format, arguments.output.as_deref(), arguments.language),
    };
    if let Some(output) = arguments.output.filter(|output| output != Path::new("-")) {
        if output.is_dir() {
            let folder = output.display();
            return Err(Failure::wrong_use(format!("{folder} is a folder: name a file in it")));
        }
        let (file, alerts) = write_file(inbox, what, output).await?;
        let line = serde_json::json!({ "file": file.to_string_lossy(), "alerts": alerts });
        return Ok(lines.write(&line).await?);
    }
    let written = spawn_blocking(move || export(&inbox, &what, io::stdout().lock()));
    let written = tokio::select! {
        written = written => written.context("the export broke off")?,
        // Until something is found there may be nothing to write, by which it would be noticed.
        () = reader_gone() => return Err(Failure::NobodyReads),
    };
    match written {
        Ok(_) => Ok(()),
        Err(ExportError::Write(error)) => Err(OutputError::from(error).into()),
        Err(other) => Err(in_words(other)),
    }
}

/// Writes a file, of which a signal leaves nothing behind.
async fn write_file(
    inbox: PathBuf,
    what: Export,
    output: PathBuf,
) -> Result<(PathBuf, u64), Failure> {
    let mut signals = Signals::listen().context("signals can't be listened to")?;
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    let mut writing =
        spawn_blocking(move || export_to_file(&inbox, &what, &output, || stopped.is_cancelled()));
    let written = loop {
        tokio::select! {
            written = &mut writing => break written.context("the export broke off")?,
            asked = signals.next() => if asked == Asked::Leave { stop.cancel() },
        }
    };
    written.map_err(in_words)
}

fn format(name: Option<FormatName>, output: Option<&Path>, language: Language) -> Format {
    let ending = output.and_then(Path::extension);
    let is_jsonl = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("jsonl"));
    match name {
        Some(FormatName::Jsonl) => Format::JsonLines,
        None if is_jsonl => Format::JsonLines,
        _ => Format::Csv { language, zone: TimeZone::system() },
    }
}

fn in_words(error: ExportError) -> Failure {
    Failure::Failed(anyhow!(error).context("the inbox can't be exported"))
}

/// A text that something can be found by.
fn searchable(text: String) -> Result<String, Failure> {
    if Query::parse(&text).is_empty() {
        return Err(Failure::wrong_use("there is nothing to search for"));
    }
    Ok(text)
}
