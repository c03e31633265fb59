-- Version 2: what people follow up.

-- Which alerts have a star.
CREATE TABLE starred (
    id INTEGER PRIMARY KEY
) STRICT;

-- Of which alerts people want to be reminded.
CREATE TABLE reminder (
    id       INTEGER PRIMARY KEY,
    due_ms   INTEGER NOT NULL,           -- milliseconds since 1970
    reminded INTEGER NOT NULL DEFAULT 0  -- it was due, and the alert became unread again
) STRICT;

CREATE INDEX reminder_due ON reminder (due_ms) WHERE reminded = 0;

-- What of it a deleted alert has back when it is brought back.
ALTER TABLE trash ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trash ADD COLUMN due_ms INTEGER;
ALTER TABLE trash ADD COLUMN reminded INTEGER NOT NULL DEFAULT 0;
