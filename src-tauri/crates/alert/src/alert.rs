//! What an alert is, before and after it is kept.

use crate::Words;
use serde::{Deserialize, Serialize};

/// The key of a kept alert: higher is newer. It holds the alert's time.
pub type AlertId = i64;

/// What an alert is about, as people sort them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Orders, refunds and the cart.
    Orders,
    /// Deliveries.
    Delivery,
    /// Balance, recharge, withdrawal and transactions.
    Money,
    /// Messages and calls.
    Chat,
    /// Sign-ins, tokens, passwords and warnings.
    Security,
    /// Stock and prices.
    Products,
    /// Profile and store.
    Store,
    /// Notices, maintenance, and all that is not known.
    System,
}

impl Category {
    /// Every category, in the order in which it is shown.
    pub const ALL: [Self; 8] = [
        Self::Orders,
        Self::Delivery,
        Self::Money,
        Self::Chat,
        Self::Security,
        Self::Products,
        Self::Store,
        Self::System,
    ];

    /// The name in the file and in the catalogues.
    pub fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Delivery => "delivery",
            Self::Money => "money",
            Self::Chat => "chat",
            Self::Security => "security",
            Self::Products => "products",
            Self::Store => "store",
            Self::System => "system",
        }
    }

    /// The category of that name; a name that this version doesn't know is [`Category::System`].
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|category| category.name() == name).unwrap_or(Self::System)
    }
}

/// An alert that is not yet in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// When its event arrived, or when the market stored it while nobody was there: milliseconds
    /// since the Unix epoch, UTC.
    pub at_ms: i64,
    /// The `event:` name on the wire.
    pub event: String,
    /// The kind, such as `ORDER_SHIPPED`.
    pub kind: String,
    /// Its category.
    pub category: Category,
    /// Plain text, one line.
    pub title: Words,
    /// Plain text, may have line breaks, may be empty.
    pub content: Words,
    /// The values of its known fields, one a line: for searching.
    pub fields: String,
    /// The link as the event gave it; not checked.
    pub link: Option<String>,
    /// Whether the person should not miss it.
    pub urgent: bool,
    /// The `data:` on the wire.
    pub raw: String,
    /// The `id:` that this very event carried. It is where to resume, not who the event is: only
    /// an event that is equal in this, in its name and in its data is the same one, sent again.
    pub event_id: Option<String>,
    /// The market's own notification that it is.
    pub notice: Notice,
    /// What became of its toast, in the receiver's terms; `None` while nothing is known of it.
    pub toast: Option<String>,
}

/// Which of the market's stored notifications an alert is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Notice {
    /// None: the market stores nothing of the kind.
    #[default]
    None,
    /// The one with this id, as the market itself listed it. Nothing that came over the stream is.
    Stored(i64),
    /// One that the market may store, under an id that only its own answers tell. Where the two come
    /// both, they are known to be one by this hash of the market's own title and content.
    Unnamed(i64),
}

/// An alert in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its key.
    pub id: AlertId,
    /// Whether the person has read it.
    pub read: bool,
    /// Whether the person gave it a star.
    pub starred: bool,
    /// When the person is, or was, reminded of it.
    pub reminder: Option<Reminder>,
    /// What it says.
    pub body: NewAlert,
}

/// When a person wants to be reminded of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminder {
    /// Milliseconds since the Unix epoch.
    pub due_ms: i64,
    /// Whether that was: the alert became unread again, and hasn't been read since.
    pub reminded: bool,
}

impl Alert {
    /// One that has just come.
    pub fn new(id: AlertId, body: NewAlert) -> Self {
        Self { id, read: false, starred: false, reminder: None, body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_known_by_its_name_and_an_unknown_one_is_the_systems() {
        let names = Category::ALL.map(Category::name);
        assert_eq!(
            names,
            ["orders", "delivery", "money", "chat", "security", "products", "store", "system"]
        );
        assert_eq!(names.map(Category::from_name), Category::ALL);
        assert_eq!(Category::from_name("weather"), Category::System);
    }
}
