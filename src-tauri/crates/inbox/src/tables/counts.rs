//! The table `counts`: how many alerts each category holds, so that reading it costs the same
//! however many there are. Whoever adds, removes or marks alerts adds the difference here, in the
//! same transaction.

use crate::Category;
use rusqlite::{Connection, params};
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
";

/// What a piece of work adds to the counts.
#[derive(Debug, Default)]
pub(crate) struct Difference(BTreeMap<Category, (i64, i64)>);

impl Difference {
    /// So many more alerts of a category, and so many more unread ones.
    pub(crate) fn add(&mut self, category: Category, total: i64, unread: i64) {
        let entry = self.0.entry(category).or_default();
        entry.0 += total;
        entry.1 += unread;
    }

    pub(crate) fn store(self, db: &Connection) -> rusqlite::Result<()> {
        let mut add = db.prepare_cached(
            "INSERT INTO counts VALUES (?1, ?2, ?3)
             ON CONFLICT (category) DO UPDATE SET total = total + ?2, unread = unread + ?3",
        )?;
        for (category, (total, unread)) in self.0 {
            if (total, unread) != (0, 0) {
                add.execute(params![category.name(), total, unread])?;
            }
        }
        Ok(())
    }
}

/// Counts the unread ones of every category anew.
pub(crate) fn recount_unread(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "UPDATE counts SET unread =
             (SELECT count(*) FROM unread WHERE unread.category = counts.category)",
    )
}

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
