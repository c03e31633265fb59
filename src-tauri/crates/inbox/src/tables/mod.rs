//! One file a table: its SQL and nothing else's. What has to happen together is put together in
//! [`crate::work`]; the tables themselves are made in [`crate::schema`].

pub(crate) mod alert;
pub(crate) mod counts;
pub(crate) mod cursor;
pub(crate) mod look;
pub(crate) mod mailbox;
pub(crate) mod marking;
pub(crate) mod reminder;
pub(crate) mod row;
pub(crate) mod starred;
pub(crate) mod stored;
pub(crate) mod toast;
pub(crate) mod trash;
pub(crate) mod twin;
pub(crate) mod unread;
pub(crate) mod words;
