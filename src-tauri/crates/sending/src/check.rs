//! A list and a message, looked at line by line before anything leaves.

use crate::recipients::LineError;
use crate::{Recipients, Template};
use agora_client::{InvalidInput, Message, MessageForm};
use serde_json::Value;
use std::io::{Read, Seek};

/// How many faults are told; the others are counted.
const TOLD: usize = 100;

/// How many of the first recipients' messages are told.
const FIRST: usize = 3;

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct Fault {
    /// Counted from 1; 0: it is no line's.
    pub line: u64,
    /// What.
    pub kind: FaultKind,
}

/// What can be wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The message wants a column that the list doesn't have.
    #[error("there is no column {0}")]
    UnknownColumn(String),
    /// It is no recipient.
    #[error(transparent)]
    Line(#[from] LineError),
    /// Its values make a message that breaks a rule.
    #[error(transparent)]
    Message(#[from] InvalidInput),
    /// The list is empty.
    #[error("nobody is in the list")]
    Nobody,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many would get the message.
    pub count: u32,
    /// How many stood there more than once, each time after the first.
    pub duplicates: u32,
    /// The first of what is wrong.
    pub faults: Vec<Fault>,
    /// How much is wrong.
    pub fault_count: u32,
    /// The first recipients, by their ids, and their messages.
    pub first: Vec<(String, Message)>,
}

/// Looks at every line. `take` gets each recipient's id and the values that the message wants; false from it
/// ends the look.
pub fn check<R: Read + Seek>(
    recipients: &mut Recipients<R>,
    template: &Template,
    mut take: impl FnMut(String, Vec<String>) -> bool,
) -> Checked {
    let mut found = Checked::default();
    let mut places = Vec::new();
    for name in template.columns() {
        match recipients.columns().iter().position(|column| column == name) {
            Some(place) => places.push(place),
            None => found.add(0, FaultKind::UnknownColumn(name.clone())),
        }
    }
    if !found.faults.is_empty() {
        return found;
    }
    // What the message breaks by itself is not the lines' doing.
    let names: Vec<_> = template.columns().iter().map(|name| format!("{{{name}}}")).collect();
    let own = template.fill(&names).map(|message| broken(&message)).unwrap_or_default();
    while let Some(next) = recipients.next() {
        let recipient = match next {
            Ok(recipient) => recipient,
            Err((line, error)) => {
                found.add(line, error.into());
                continue;
            }
        };
        let cells: Vec<_> = places.iter().map(|place| recipient.cells[*place].clone()).collect();
        let user = recipient.user.as_str().to_owned();
        // Values are escaped: what was JSON stays JSON.
        if let Ok(message) = template.fill(&cells) {
            for wrong in broken(&message).into_iter().filter(|wrong| !own.contains(wrong)) {
                found.add(recipient.line, wrong.into());
            }
            if found.first.len() < FIRST {
                found.first.push((user.clone(), message));
            }
        }
        found.count += 1;
        if !take(user, cells) {
            break;
        }
    }
    found.duplicates = recipients.duplicates();
    if found.count == 0 && found.fault_count == 0 {
        found.add(0, FaultKind::Nobody);
    }
    found
}

impl Checked {
    fn add(&mut self, line: u64, kind: FaultKind) {
        self.fault_count += 1;
        if self.faults.len() < TOLD {
            self.faults.push(Fault { line, kind });
        }
    }
}

/// The form's rules that the message breaks, in the members that it has.
fn broken(message: &Message) -> Vec<InvalidInput> {
    let Ok(Value::Object(members)) = serde_json::from_str(message.as_json()) else {
        return Vec::new();
    };
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let form = MessageForm {
        kind: text("type"),
        // One that isn't there breaks no rule.
        title: text("title").unwrap_or_else(|| "-".to_owned()),
        content: text("content").unwrap_or_default(),
        link: text("link"),
        ..MessageForm::default()
    };
    Message::from_form(&form).err().unwrap_or_default()
}
