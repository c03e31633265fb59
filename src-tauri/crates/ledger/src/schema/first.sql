-- One message that was to be sent: to everyone, to one user, or to a list.
CREATE TABLE sending (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    made       INTEGER NOT NULL,  -- milliseconds since 1970, as all times here
    due        INTEGER,           -- nothing leaves before it
    audience   TEXT NOT NULL,     -- 'everyone', 'user', 'list'
    base       TEXT NOT NULL,     -- the market
    account    TEXT NOT NULL,     -- whom it was sent as
    template   TEXT NOT NULL,     -- the body, a JSON text with placeholders
    columns    TEXT,              -- the names of the placeholders, a JSON array; NULL: the body has none
    per_second INTEGER NOT NULL,
    at_once    INTEGER NOT NULL,
    state      TEXT NOT NULL,
    halt       TEXT,              -- why it stands, where it does
    runner     TEXT               -- the program that has it, where one does
);

-- One recipient of it: at most one request is under way for each.
CREATE TABLE line (
    sending   INTEGER NOT NULL REFERENCES sending (id) ON DELETE CASCADE,
    number    INTEGER NOT NULL,   -- counted from 1, as in the list that was given
    user      TEXT,               -- NULL: everyone
    cells     TEXT NOT NULL,      -- what stands for the placeholders, a JSON array
    outcome   TEXT NOT NULL,
    status    INTEGER,            -- the market's, where it answered
    why       TEXT,
    at        INTEGER,            -- of the outcome
    tries     INTEGER NOT NULL DEFAULT 0,
    reference TEXT,               -- what its message carries, once it was about to leave
    seen      INTEGER,            -- when the stream brought it back
    PRIMARY KEY (sending, number)
) WITHOUT ROWID;

CREATE INDEX line_by_outcome ON line (sending, outcome);
CREATE INDEX line_by_reference ON line (reference) WHERE reference IS NOT NULL;
