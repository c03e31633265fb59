//! The table `counts`: how many alerts each category holds, kept by triggers, so that reading it
//! costs the same however many alerts there are.

use crate::Category;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// How many alerts there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The categories that hold something.
    pub categories: BTreeMap<Category, CategoryCount>,
}

impl Counts {
    /// Unread alerts in all.
    pub fn unread(&self) -> u32 {
        self.categories.values().map(|count| count.unread).sum()
    }

    /// Alerts in all.
    pub fn total(&self) -> u32 {
        self.categories.values().map(|count| count.total).sum()
    }
}

/// How many alerts one category holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CategoryCount {
    /// Unread ones.
    pub unread: u32,
    /// All.
    pub total: u32,
}

pub(crate) const CREATE: &str = "
    CREATE TABLE counts (
        category TEXT PRIMARY KEY,
        total    INTEGER NOT NULL,
        unread   INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER alert_inserted AFTER INSERT ON alert BEGIN
        INSERT INTO counts VALUES (NEW.category, 1, NEW.read = 0)
        ON CONFLICT (category) DO UPDATE SET total = total + 1, unread = unread + (NEW.read = 0);
    END;

    CREATE TRIGGER alert_deleted AFTER DELETE ON alert BEGIN
        UPDATE counts SET total = total - 1, unread = unread - (OLD.read = 0) WHERE category = OLD.category;
    END;

    CREATE TRIGGER alert_marked AFTER UPDATE OF read ON alert WHEN NEW.read <> OLD.read BEGIN
        UPDATE counts SET unread = unread + (OLD.read - NEW.read) WHERE category = NEW.category;
    END;
";

pub(crate) fn load(db: &Connection) -> rusqlite::Result<Counts> {
    let mut counts = Counts::default();
    let mut query =
        db.prepare_cached("SELECT category, total, unread FROM counts WHERE total > 0")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        // A newer version's category counts as the one that this version shows it under.
        let entry =
            counts.categories.entry(Category::from_name(&row.get::<_, String>(0)?)).or_default();
        entry.total += row.get::<_, u32>(1)?;
        entry.unread += row.get::<_, u32>(2)?;
    }
    Ok(counts)
}
