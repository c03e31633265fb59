//! What the tests keep.

use agora_inbox::{Access, Batch, Category, Cursor, Inbox, NewAlert, Notice, Words};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with an inbox in it.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("inbox.sqlite")
    }

    pub(crate) fn open(&self) -> Inbox {
        Inbox::open(&self.file(), Access::Write).unwrap()
    }
}

pub(crate) fn alert(title: &str) -> NewAlert {
    NewAlert {
        at_ms: 1_795_000_000_000,
        event: "ORDER_SHIPPED".into(),
        kind: "ORDER_SHIPPED".into(),
        category: Category::Orders,
        title: Words::by_tag(title, [("zh-TW", format!("{title}（中文）"))]),
        content: Words::same("第一行\nsecond line"),
        fields: "#1\n手工茶壺".into(),
        link: Some("/orders/1".into()),
        urgent: false,
        raw: r#"{"type":"ORDER_SHIPPED"}"#.into(),
        event_id: None,
        notice: Notice::None,
        toast: None,
    }
}

pub(crate) fn batch(alerts: Vec<NewAlert>, last_event_id: Option<&str>) -> Batch {
    Batch {
        alerts,
        cursor: Cursor {
            source: "market one".into(),
            last_event_id: last_event_id.map(Into::into),
        },
        mailbox: "mailbox one".into(),
    }
}

/// The path of what SQLite keeps beside a file.
pub(crate) fn beside(file: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}{ending}", file.display()))
}
