//! The table `counts`: how many alerts each category holds, so that reading it costs the same
//! however many there are. Whoever adds, removes or marks alerts adds the difference here, in the
//! same transaction.

use super::{reminder, row, starred};
use crate::Category;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Row, ToSql, params};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How many alerts there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The categories that hold something.
    pub categories: BTreeMap<Category, CategoryCount>,
    /// Those with a star.
    pub starred: u32,
    /// Those of which the person is or was reminded.
    pub reminders: u32,
}

impl Counts {
    /// Unread alerts in all.
    pub fn unread(&self) -> u32 {
        self.sum(|count| count.unread)
    }

    /// Alerts in all.
    pub fn total(&self) -> u32 {
        self.sum(|count| count.total)
    }

    /// As much as can be shown, whatever the file says.
    fn sum(&self, of: impl Fn(&CategoryCount) -> u32) -> u32 {
        self.categories.values().map(of).fold(0, u32::saturating_add)
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

/// A category as the file names it: one that a newer version made is counted under its own name,
/// whatever this version shows it as.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CategoryName(Cow<'static, str>);

/// So many names are looked for under one category; no version makes so many.
const NAMES: i64 = 100;

impl CategoryName {
    /// The name that an alert's row has.
    pub(crate) fn of_row(row: &Row<'_>, column: usize) -> rusqlite::Result<Self> {
        let name = row::text(row, column)?;
        let known = Category::ALL.into_iter().find(|category| category.name() == name);
        Ok(known.map_or_else(|| Self(Cow::Owned(name.into_owned())), Self::from))
    }

    /// Every name under which the file has what this version shows as a category, its own first: there
    /// are more where a newer version made some.
    pub(crate) fn all_of(db: &Connection, category: Category) -> rusqlite::Result<Vec<Self>> {
        let mut query =
            db.prepare_cached("SELECT category FROM counts WHERE total > 0 LIMIT ?1")?;
        let mut rows = query.query([NAMES])?;
        let mut names = vec![Self::from(category)];
        while let Some(row) = rows.next()? {
            let name = Self::of_row(row, 0)?;
            if name != names[0] && Category::from_name(&name.0) == category {
                names.push(name);
            }
        }
        Ok(names)
    }
}

impl From<Category> for CategoryName {
    fn from(category: Category) -> Self {
        Self(Cow::Borrowed(category.name()))
    }
}

impl ToSql for CategoryName {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(&*self.0))
    }
}

/// What a piece of work adds to the counts.
#[derive(Debug, Default)]
pub(crate) struct Difference(BTreeMap<CategoryName, (i64, i64)>);

impl Difference {
    /// So many more alerts of a category, and so many more unread ones.
    pub(crate) fn add(&mut self, category: impl Into<CategoryName>, total: i64, unread: i64) {
        let entry = self.0.entry(category.into()).or_default();
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
                add.execute(params![category, total, unread])?;
            }
        }
        // Then they are not what is there, whoever changed the one or the other.
        let are_wrong = "SELECT 1 FROM counts WHERE total < 0 OR unread < 0 OR unread > total";
        if db.prepare_cached(are_wrong)?.exists([])? { recount(db) } else { Ok(()) }
    }
}

/// Counts everything anew.
fn recount(db: &Connection) -> rusqlite::Result<()> {
    tracing::warn!("the inbox's counts were wrong, and are counted anew");
    db.execute_batch(
        "DELETE FROM counts;
         INSERT INTO counts
             SELECT CAST(alert.category AS TEXT), count(*), sum(unread.id IS NOT NULL)
             FROM alert LEFT JOIN unread ON unread.id = alert.id GROUP BY 1;",
    )
}

/// Counts the unread ones of every category anew.
pub(crate) fn recount_unread(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "UPDATE counts SET unread =
             (SELECT count(*) FROM unread WHERE unread.category = counts.category)",
    )
}

pub(crate) fn load(db: &Connection) -> rusqlite::Result<Counts> {
    let mut counts = Counts {
        starred: starred::count(db)?,
        reminders: reminder::count(db)?,
        ..Counts::default()
    };
    let mut query =
        db.prepare_cached("SELECT category, total, unread FROM counts WHERE total > 0")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        // A newer version's category counts as the one that this version shows it under.
        let entry = counts.categories.entry(Category::from_name(&row::text(row, 0)?)).or_default();
        let count = |column| {
            let number = row::number(row, column)?.clamp(0, u32::MAX.into());
            Ok::<_, rusqlite::Error>(u32::try_from(number).unwrap_or(u32::MAX))
        };
        entry.total = entry.total.saturating_add(count(1)?);
        entry.unread = entry.unread.saturating_add(count(2)?);
    }
    Ok(counts)
}
