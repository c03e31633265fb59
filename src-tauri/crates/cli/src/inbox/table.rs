//! Alerts for people: a line each, the newest first, and what was looked for marked in it.

use crate::terminal::{BAD, BOLD, DIM, HIT, NEW, Terminal, WHEN, cut, language, padded, when};
use agora_alert::catalogue::{self, Language};
use agora_inbox::search::{Piece, Query};
use agora_inbox::{Alert, Category, shown};
use anstyle::Style;
use jiff::ZonedDateTime;
use unicode_width::UnicodeWidthStr;

/// What a content needs to say anything beside its title.
const LEAST_CONTENT: usize = 16;

/// Alerts on a terminal.
#[derive(Debug)]
pub(super) struct Table {
    terminal: Terminal,
    language: Language,
    now: ZonedDateTime,
    /// How wide the categories' names are.
    categories: usize,
    query: Option<Query>,
}

impl Table {
    pub(super) fn new(terminal: Terminal, query: Option<&str>) -> Self {
        let language = language();
        let names = Category::ALL.map(|category| name(category, language).width());
        let categories = names.into_iter().max().unwrap_or_default();
        let query = query.map(Query::parse);
        Self { terminal, language, now: ZonedDateTime::now(), categories, query }
    }

    /// An alert's line.
    pub(super) fn line(&self, alert: &Alert) -> String {
        let body = &alert.body;
        let (marks, style) = match (alert.read, body.urgent) {
            (false, true) => (self.terminal.styled(BAD, "!•"), BOLD),
            (false, false) => (self.terminal.styled(NEW, " •"), BOLD),
            (true, true) => (self.terminal.styled(BAD, "! "), Style::new()),
            (true, false) => ("  ".to_owned(), Style::new()),
        };
        let at = padded(&when(body.at_ms, &self.now), WHEN);
        let category = padded(&name(body.category, self.language), self.categories);
        let before = 2 + 1 + WHEN + 2 + self.categories + 2;
        let room = self.terminal.width.saturating_sub(before).max(LEAST_CONTENT);
        let says = self.says(alert, style, room);
        format!(
            "{marks} {}  {}  {says}\n",
            self.terminal.styled(DIM, &at),
            self.terminal.styled(DIM, &category)
        )
    }

    /// Title and content, in so many columns.
    fn says(&self, alert: &Alert, style: Style, room: usize) -> String {
        let (title, content) = if let Some(query) = &self.query {
            query.shown(alert, self.language, room, room)
        } else {
            let (title, content) = (&alert.body.title, &alert.body.content);
            let content = self.language.of(content).lines().next();
            (unmarked(self.language.of(title)), unmarked(content.unwrap_or_default()))
        };
        let (mut line, taken) = self.pieces(&title, style, room);
        let left = room.saturating_sub(taken + 2);
        if left >= LEAST_CONTENT {
            let (content, taken) = self.pieces(&content, DIM, left);
            if taken > 0 {
                line.push_str("  ");
                line.push_str(&content);
            }
        }
        line
    }

    /// As many of the pieces as there is room for, and how much they take.
    fn pieces(&self, pieces: &[Piece], style: Style, room: usize) -> (String, usize) {
        let (mut line, mut taken) = (String::new(), 0);
        for Piece { text, hit } in pieces {
            let text = cut(&shown(text), room - taken);
            taken += text.width();
            line.push_str(&self.terminal.styled(if *hit { HIT } else { style }, &text));
            if text.ends_with('…') || taken >= room {
                break;
            }
        }
        (line, taken)
    }
}

fn unmarked(text: &str) -> Vec<Piece> {
    vec![Piece { text: text.to_owned(), hit: false }]
}

fn name(category: Category, language: Language) -> String {
    catalogue::text(language, &format!("category.{}", category.name())).to_owned()
}
