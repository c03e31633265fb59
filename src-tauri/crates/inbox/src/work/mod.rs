//! What is done in one transaction: each function gets a connection of the inbox's thread, does
//! all of its work or none of it, and keeps alerts, unread marks, counts, the search index and the
//! market's notifications in step.

mod commit;
mod delete;
mod expire;
mod follow;
mod gone;
mod mark;
mod merge;
mod size;

pub use commit::{Batch, Committed};
pub use delete::Deleted;
pub use expire::Limits;
pub use follow::{Due, Followed};
pub use mark::Marked;
pub use merge::{Listing, Merged, StoredNotice};

pub(crate) use commit::commit;
pub(crate) use delete::{delete, delete_everything, empty_trash, forget_some, undo};
pub(crate) use expire::{expire, forget_long_gone, look};
pub(crate) use follow::{remind, remind_due, star};
pub(crate) use mark::{MarkedAll, mark, mark_all, settle_marking, undo_marking};
pub(crate) use merge::{Planned, Taking, are_known, finish, read_there, take_in};
pub(crate) use size::{Going, give_back, make_room};

/// How many alerts are listed one by one to whoever wants to know which changed; of more, only that
/// there are.
const LISTED: usize = 1_000;
