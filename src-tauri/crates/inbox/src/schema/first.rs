//! Version 1: the first inboxes. Never edited.

use crate::tables::{counts, cursor};
use rusqlite::Connection;

/// What it did by itself.
pub(super) const TRIGGERS: [&str; 3] = ["alert_inserted", "alert_deleted", "alert_marked"];

pub(super) fn apply(db: &Connection) -> rusqlite::Result<()> {
    for create in [CREATE, counts::CREATE, cursor::CREATE] {
        db.execute_batch(create)?;
    }
    Ok(())
}

const CREATE: &str = "
    CREATE TABLE alert (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        received_ms INTEGER NOT NULL,
        source      TEXT    NOT NULL,
        event_id    TEXT,
        event       TEXT    NOT NULL,
        kind        TEXT    NOT NULL,
        category    TEXT    NOT NULL,
        title_en    TEXT    NOT NULL,
        title_zh    TEXT    NOT NULL,
        content_en  TEXT    NOT NULL,
        content_zh  TEXT    NOT NULL,
        link        TEXT,
        urgent      INTEGER NOT NULL,
        read        INTEGER NOT NULL DEFAULT 0,
        raw         TEXT    NOT NULL
    ) STRICT;

    CREATE UNIQUE INDEX alert_replay ON alert (source, event_id, event, raw) WHERE event_id IS NOT NULL;
    CREATE INDEX alert_category ON alert (category, id);
    CREATE INDEX alert_unread ON alert (id) WHERE read = 0;
    CREATE INDEX alert_unread_category ON alert (category, id) WHERE read = 0;
    CREATE INDEX alert_urgent ON alert (id) WHERE urgent = 1;

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
