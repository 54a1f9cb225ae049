-- Papers, sealed day sheets, and what is sent out.

-- One number for a kind of paper and what it is about, however often it is made.
CREATE TABLE papers (
    number TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    login TEXT NOT NULL,
    CONSTRAINT papers_subject_given CHECK (subject <> '')
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX papers_once ON papers (kind, subject);
CREATE INDEX papers_by_instant ON papers (made_at);

-- What each making was made from; one that differs in nothing from the last leaves no row.
CREATE TABLE paper_versions (
    paper TEXT NOT NULL REFERENCES papers (number),
    version INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    login TEXT NOT NULL,
    real_login TEXT NOT NULL,
    language TEXT NOT NULL,
    template TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (paper, version)
) STRICT, WITHOUT ROWID;

-- A day as it was sealed: `content` is canonical JSON, `hash` its SHA-256, `mark` what the day's
-- reports and obligations came to then, so that a day that has changed since is found.
CREATE TABLE sheets (
    date TEXT NOT NULL PRIMARY KEY,
    paper TEXT NOT NULL REFERENCES papers (number),
    sealed_at INTEGER NOT NULL,
    login TEXT NOT NULL,
    content TEXT NOT NULL,
    hash TEXT NOT NULL,
    mark TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What changed on a sealed sheet afterwards, as the sheet of `published` says it.
CREATE TABLE errata (
    number TEXT NOT NULL PRIMARY KEY,
    date TEXT NOT NULL REFERENCES sheets (date),
    unit TEXT NOT NULL REFERENCES units (code),
    published TEXT NOT NULL REFERENCES sheets (date),
    position INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX errata_by_date ON errata (date);
CREATE INDEX errata_by_published ON errata (published, position);

-- Messages to be sent. An address is a key of somebody's configuration, never what it stands for.
CREATE TABLE outbox (
    id INTEGER NOT NULL PRIMARY KEY,
    topic TEXT NOT NULL,
    addressee TEXT NOT NULL,
    address TEXT NOT NULL,
    person TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    any_hour INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    ended_at INTEGER,
    CONSTRAINT outbox_any_hour_flag CHECK (any_hour IN (0, 1))
) STRICT;
CREATE INDEX outbox_open ON outbox (id) WHERE ended_at IS NULL;
CREATE INDEX outbox_by_instant ON outbox (queued_at);

-- At most once for a step and an addressee: what is queued stands here for ever.
CREATE TABLE outbox_steps (
    step TEXT NOT NULL,
    address TEXT NOT NULL,
    person TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES outbox (id),
    PRIMARY KEY (step, address, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_steps_by_message ON outbox_steps (message);

-- What became of a message, in order; the first word of it is that it was queued.
CREATE TABLE outbox_entries (
    message INTEGER NOT NULL REFERENCES outbox (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    login TEXT NOT NULL,
    act TEXT NOT NULL,
    problem TEXT NOT NULL DEFAULT '',
    next_at INTEGER,
    PRIMARY KEY (message, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER papers_not_changed BEFORE UPDATE ON papers
BEGIN SELECT RAISE(ABORT, 'papers are append-only'); END;
CREATE TRIGGER papers_not_deleted BEFORE DELETE ON papers
BEGIN SELECT RAISE(ABORT, 'papers are append-only'); END;
CREATE TRIGGER paper_versions_not_changed BEFORE UPDATE ON paper_versions
BEGIN SELECT RAISE(ABORT, 'papers are append-only'); END;
CREATE TRIGGER paper_versions_not_deleted BEFORE DELETE ON paper_versions
BEGIN SELECT RAISE(ABORT, 'papers are append-only'); END;
CREATE TRIGGER sheets_not_changed BEFORE UPDATE ON sheets
BEGIN SELECT RAISE(ABORT, 'a sealed sheet does not change'); END;
CREATE TRIGGER sheets_not_deleted BEFORE DELETE ON sheets
BEGIN SELECT RAISE(ABORT, 'a sealed sheet does not change'); END;
CREATE TRIGGER errata_not_changed BEFORE UPDATE ON errata
BEGIN SELECT RAISE(ABORT, 'errata are append-only'); END;
CREATE TRIGGER errata_not_deleted BEFORE DELETE ON errata
BEGIN SELECT RAISE(ABORT, 'errata are append-only'); END;
CREATE TRIGGER outbox_text_not_changed BEFORE UPDATE OF
    topic, addressee, address, person, language, title, body, any_hour, queued_at ON outbox
BEGIN SELECT RAISE(ABORT, 'a message does not change'); END;
CREATE TRIGGER outbox_not_deleted BEFORE DELETE ON outbox
BEGIN SELECT RAISE(ABORT, 'a message is dropped, never deleted'); END;
CREATE TRIGGER outbox_entries_not_changed BEFORE UPDATE ON outbox_entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER outbox_entries_not_deleted BEFORE DELETE ON outbox_entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER outbox_steps_not_deleted BEFORE DELETE ON outbox_steps
BEGIN SELECT RAISE(ABORT, 'a step goes to nobody twice'); END;
CREATE TRIGGER outbox_steps_not_changed BEFORE UPDATE ON outbox_steps
BEGIN SELECT RAISE(ABORT, 'a step goes to nobody twice'); END;
