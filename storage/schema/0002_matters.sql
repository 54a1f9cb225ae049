-- What is owed by steps: findings, leads, notices and every other kind of matter.

CREATE TABLE matters (
    number TEXT NOT NULL PRIMARY KEY,
    workflow TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (code),
    issuer TEXT NOT NULL REFERENCES units (code),
    opened_at INTEGER NOT NULL,
    title TEXT NOT NULL,
    place TEXT NOT NULL DEFAULT '',
    location TEXT NOT NULL DEFAULT '',
    party TEXT NOT NULL DEFAULT '',
    land_class TEXT NOT NULL DEFAULT '',
    area INTEGER,
    existed_since TEXT,
    source TEXT NOT NULL DEFAULT '',
    origin TEXT NOT NULL DEFAULT '',
    parent TEXT NOT NULL DEFAULT '',
    closed_at INTEGER,
    CONSTRAINT matters_title_given CHECK (title <> ''),
    CONSTRAINT matters_area_not_negative CHECK (area >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX matters_by_unit ON matters (unit, opened_at);
CREATE INDEX matters_by_parent ON matters (parent) WHERE parent <> '';
CREATE UNIQUE INDEX matters_by_origin ON matters (origin) WHERE origin <> '';
CREATE INDEX matters_by_place ON matters (place) WHERE place <> '';
CREATE INDEX matters_open ON matters (workflow, opened_at) WHERE closed_at IS NULL;

CREATE TABLE matter_entries (
    matter TEXT NOT NULL REFERENCES matters (number),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    login TEXT NOT NULL,
    real_login TEXT NOT NULL,
    act TEXT NOT NULL,
    step TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (matter, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER matter_entries_not_changed BEFORE UPDATE ON matter_entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER matter_entries_not_deleted BEFORE DELETE ON matter_entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;

-- Days on which a matter's clocks stand still, so that its steps are not overdue on them.
CREATE TABLE matter_suspensions (
    matter TEXT NOT NULL REFERENCES matters (number),
    seq INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    PRIMARY KEY (matter, seq),
    CONSTRAINT matter_suspensions_range_ordered CHECK (first <= last)
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A deadline in days or months that falls on a day off moves to the next working day.
ALTER TABLE limits ADD COLUMN roll INTEGER NOT NULL DEFAULT 0
    CONSTRAINT limits_roll_flag CHECK (roll IN (0, 1));

ALTER TABLE obligations ADD COLUMN matter TEXT;
ALTER TABLE obligations ADD COLUMN first_due_at INTEGER;
-- When the due instant was last moved: an earlier moment is asked of the matter's entries.
ALTER TABLE obligations ADD COLUMN changed_at INTEGER;
CREATE INDEX obligations_by_matter ON obligations (matter) WHERE matter IS NOT NULL;
CREATE INDEX obligations_steps_done ON obligations (discharged_at) WHERE kind = 'step';

CREATE TABLE urges (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (code),
    rung TEXT NOT NULL,
    fired_at INTEGER NOT NULL,
    login TEXT NOT NULL,
    addressees TEXT NOT NULL,
    PRIMARY KEY (kind, subject, unit, rung)
) STRICT, WITHOUT ROWID;
CREATE INDEX urges_by_instant ON urges (fired_at);
CREATE TRIGGER urges_not_changed BEFORE UPDATE ON urges
BEGIN SELECT RAISE(ABORT, 'urges are append-only'); END;
CREATE TRIGGER urges_not_deleted BEFORE DELETE ON urges
BEGIN SELECT RAISE(ABORT, 'urges are append-only'); END;

DROP VIEW v_overdue;
CREATE VIEW v_overdue AS
SELECT o.kind, o.subject, o.unit, u.name, o.opened_at, o.due_at, o.missed_at, o.matter
FROM obligations AS o
INNER JOIN units AS u ON u.code = o.unit
WHERE o.discharged_at IS NULL AND o.exempt = 0;
