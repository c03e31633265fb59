-- Version 1, from nothing. Once it is released it is never edited: what changes a table then is a
-- version of its own. What is done with a table says the module of its name in `tables`.

-- What each alert says.
CREATE TABLE alert (
    id         INTEGER PRIMARY KEY,        -- its time, see the module `key`
    received   INTEGER NOT NULL DEFAULT 0, -- when: the latest look before it, see `look`
    source     TEXT    NOT NULL,           -- the stream's, or the mailbox's
    event_id   TEXT,
    event      TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    category   TEXT    NOT NULL,
    title      TEXT    NOT NULL,           -- in every language, see `words`
    content    TEXT    NOT NULL,
    fields     TEXT    NOT NULL,
    link       TEXT,
    urgent     INTEGER NOT NULL,
    raw        TEXT    NOT NULL
) STRICT;

-- What a server sends again after a reconnect. An id alone is no identity (WHATWG HTML 9.2.6):
-- a market may start anew at 1, or give a timestamp to several events.
CREATE UNIQUE INDEX alert_replay ON alert (source, event_id, event, raw) WHERE event_id IS NOT NULL;
CREATE INDEX alert_category ON alert (category, id);
CREATE INDEX alert_urgent ON alert (id) WHERE urgent = 1;

-- How many alerts each category holds.
CREATE TABLE counts (
    category TEXT PRIMARY KEY,
    total    INTEGER NOT NULL,
    unread   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which alerts nobody has read.
CREATE TABLE unread (
    id       INTEGER PRIMARY KEY,
    category TEXT NOT NULL
) STRICT;

CREATE INDEX unread_category ON unread (category, id);

-- Deleted alerts that can still be brought back.
CREATE TABLE trash (
    id         INTEGER PRIMARY KEY,
    received   INTEGER NOT NULL DEFAULT 0,
    source     TEXT    NOT NULL,
    event_id   TEXT,
    event      TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    category   TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    content    TEXT    NOT NULL,
    fields     TEXT    NOT NULL,
    link       TEXT,
    urgent     INTEGER NOT NULL,
    raw        TEXT    NOT NULL,
    unread     INTEGER NOT NULL,
    deletion   INTEGER NOT NULL
) STRICT;

CREATE INDEX trash_deletion ON trash (deletion, id);

-- What became of each alert's toast.
CREATE TABLE toast (
    alert INTEGER PRIMARY KEY,
    fate  TEXT NOT NULL
) STRICT;

-- How far each stream has been kept.
CREATE TABLE cursor (
    source        TEXT PRIMARY KEY,
    last_event_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is known of a user's stored notifications at a market, and of its clocks.
CREATE TABLE mailbox (
    name           TEXT PRIMARY KEY,
    synced_ms   INTEGER,
    missing_ms     INTEGER,
    ahead_ms       INTEGER,
    stored_zone_ms INTEGER
) STRICT, WITHOUT ROWID;

-- Which alert each of the market's stored notifications became.
CREATE TABLE stored (
    mailbox   TEXT    NOT NULL,
    stored_id INTEGER NOT NULL,
    alert     INTEGER,                    -- NULL: deleted here
    tell      INTEGER NOT NULL DEFAULT 0, -- see `Tell`
    gone      INTEGER,                    -- the look before the alert went; NULL: it is there
    PRIMARY KEY (mailbox, stored_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX stored_alert ON stored (alert) WHERE alert IS NOT NULL;
CREATE INDEX stored_tell ON stored (mailbox, stored_id) WHERE tell = 1;
CREATE INDEX stored_gone ON stored (tell, gone) WHERE gone IS NOT NULL;

-- Alerts that came one way and may yet come the other way too.
CREATE TABLE twin (
    alert INTEGER PRIMARY KEY,        -- also one that was deleted since
    words INTEGER NOT NULL,           -- a hash
    half  INTEGER NOT NULL,           -- which half is there, see `Half`
    -- What the market's clock showed, in milliseconds since 1970 as if it were UTC; UTC where it
    -- was not heard.
    at    INTEGER NOT NULL DEFAULT 0,
    told  INTEGER NOT NULL DEFAULT 0  -- the market has it as read, though nobody here has read it
) STRICT;

CREATE INDEX twin_words ON twin (words, half, at);

-- On which days the clock was found to be believable.
CREATE TABLE look (
    id    INTEGER PRIMARY KEY, -- they count up, whatever the clock does
    at_ms INTEGER NOT NULL     -- what the clock showed
) STRICT;

-- Which alerts have a token, see the module `search`.
CREATE VIRTUAL TABLE alert_search USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
