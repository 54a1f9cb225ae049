-- Instants are whole seconds since the epoch, UTC. Days are ISO text. NULL is open or absent.

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE units (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    short TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL,
    parent TEXT REFERENCES units (code),
    valid_from TEXT,
    valid_to TEXT,
    aliases TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL,
    CONSTRAINT units_code_given CHECK (code <> ''),
    CONSTRAINT units_kind_known
        CHECK (kind IN ('region', 'city', 'department', 'district', 'town', 'team')),
    CONSTRAINT units_validity_ordered CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
) STRICT, WITHOUT ROWID;
CREATE INDEX units_by_parent ON units (parent);
CREATE UNIQUE INDEX units_by_position ON units (position);
CREATE INDEX units_by_kind ON units (kind);

-- Every name a unit answers to, folded to lower case, so that a name is one index look-up.
CREATE TABLE unit_names (
    name TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (code),
    PRIMARY KEY (name, unit)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_names_by_unit ON unit_names (unit);

CREATE TABLE links (
    network TEXT NOT NULL,
    source TEXT NOT NULL REFERENCES units (code),
    target TEXT NOT NULL REFERENCES units (code),
    valid_from TEXT,
    valid_to TEXT,
    position INTEGER NOT NULL PRIMARY KEY,
    CONSTRAINT links_network_known CHECK (network IN ('horizontal', 'supervision')),
    CONSTRAINT links_not_to_itself CHECK (source <> target),
    CONSTRAINT links_validity_ordered CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
) STRICT;
CREATE UNIQUE INDEX links_once ON links (network, source, target, COALESCE(valid_from, ''));
CREATE INDEX links_by_target ON links (target);

CREATE TABLE people (
    position INTEGER NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (code),
    role TEXT NOT NULL,
    phone TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    valid_from TEXT,
    valid_to TEXT,
    CONSTRAINT people_login_given CHECK (login <> ''),
    CONSTRAINT people_role_known
        CHECK (role IN ('liaison', 'deputy', 'leader', 'supervisor', 'admin', 'viewer')),
    CONSTRAINT people_validity_ordered CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
) STRICT;
CREATE UNIQUE INDEX people_once ON people (login, unit, role, COALESCE(valid_from, ''));
CREATE INDEX people_by_unit ON people (unit);

CREATE TABLE stand_ins (
    login TEXT NOT NULL,
    absent TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    PRIMARY KEY (login, absent, first),
    CONSTRAINT stand_ins_range_ordered CHECK (first <= last),
    CONSTRAINT stand_ins_not_oneself CHECK (login <> absent)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules (
    position INTEGER NOT NULL PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (code),
    days TEXT NOT NULL,
    cutoff TEXT,
    late_until TEXT,
    valid_from TEXT,
    valid_to TEXT,
    CONSTRAINT schedules_days_known CHECK (days IN ('daily', 'workdays')),
    CONSTRAINT schedules_validity_ordered CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
) STRICT;
CREATE UNIQUE INDEX schedules_once ON schedules (unit, COALESCE(valid_from, ''));

CREATE TABLE exemptions (
    position INTEGER NOT NULL PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (code),
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    reason TEXT NOT NULL,
    approved_by TEXT NOT NULL DEFAULT '',
    CONSTRAINT exemptions_range_ordered CHECK (first <= last),
    CONSTRAINT exemptions_reason_given CHECK (reason <> '')
) STRICT;
CREATE UNIQUE INDEX exemptions_once ON exemptions (unit, first, last);

CREATE TABLE duties (
    position INTEGER NOT NULL PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (code),
    duty TEXT NOT NULL,
    duty_en TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX duties_by_unit ON duties (unit);

CREATE TABLE limits (
    position INTEGER NOT NULL PRIMARY KEY,
    workflow TEXT NOT NULL,
    step TEXT NOT NULL,
    after TEXT NOT NULL,
    amount INTEGER NOT NULL,
    unit TEXT NOT NULL,
    effective_from TEXT,
    effective_to TEXT,
    source TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT '',
    CONSTRAINT limits_amount_not_negative CHECK (amount >= 0),
    CONSTRAINT limits_measure_known CHECK (unit IN ('hours', 'days', 'workdays', 'months'))
) STRICT;

CREATE TABLE reports (
    date TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (code),
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL,
    filed_at INTEGER NOT NULL,
    filed_by TEXT,
    keyed_by TEXT,
    summary TEXT NOT NULL DEFAULT '',
    areas_planned INTEGER,
    areas_patrolled INTEGER,
    reason TEXT NOT NULL DEFAULT '',
    after_lock INTEGER NOT NULL DEFAULT 0,
    imported INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (date, unit, revision),
    CONSTRAINT reports_kind_known CHECK (kind IN ('zero', 'daily')),
    CONSTRAINT reports_revision_from_one CHECK (revision >= 1),
    CONSTRAINT reports_amended_with_reason CHECK (revision = 1 OR reason <> ''),
    CONSTRAINT reports_areas_not_negative CHECK (areas_planned >= 0 AND areas_patrolled >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX reports_by_unit ON reports (unit, date);

CREATE TABLE findings (
    date TEXT NOT NULL,
    unit TEXT NOT NULL,
    revision INTEGER NOT NULL,
    no INTEGER NOT NULL,
    location TEXT NOT NULL,
    place TEXT NOT NULL DEFAULT '',
    party TEXT NOT NULL DEFAULT '',
    land_class TEXT NOT NULL,
    area INTEGER NOT NULL,
    cultivated_area INTEGER,
    basic_farmland_area INTEGER,
    use TEXT NOT NULL DEFAULT '',
    existed_since TEXT,
    conforms_plan TEXT NOT NULL DEFAULT '',
    approved TEXT NOT NULL DEFAULT '',
    key_project TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (date, unit, revision, no),
    FOREIGN KEY (date, unit, revision) REFERENCES reports (date, unit, revision),
    CONSTRAINT findings_land_class_known
        CHECK (land_class IN ('cultivated', 'other_agricultural', 'construction', 'unused')),
    CONSTRAINT findings_area_not_negative CHECK (area >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX findings_by_unit ON findings (unit, date);

-- A finished row has discharged_at; the open ones are what `obligations_open` holds, so the
-- overdue list costs as much as there is open, however old the store.
CREATE TABLE obligations (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (code),
    opened_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    missed_at INTEGER,
    locks_at INTEGER,
    discharged_at INTEGER,
    exempt INTEGER NOT NULL DEFAULT 0,
    rule TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (kind, subject, unit),
    CONSTRAINT obligations_kind_known CHECK (kind IN ('report', 'step')),
    CONSTRAINT obligations_due_after_opening CHECK (due_at >= opened_at),
    CONSTRAINT obligations_exempt_flag CHECK (exempt IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX obligations_by_unit ON obligations (unit, kind, subject);
CREATE INDEX obligations_open ON obligations (due_at, unit) WHERE discharged_at IS NULL AND exempt = 0;
CREATE INDEX obligations_open_by_unit ON obligations (unit, due_at) WHERE discharged_at IS NULL AND exempt = 0;
CREATE INDEX obligations_late ON obligations (discharged_at) WHERE discharged_at > due_at AND exempt = 0;

CREATE TABLE drafts (
    login TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (code),
    date TEXT NOT NULL,
    body TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (login, unit, date)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT remembers the last number given, so the end of the log cannot go unnoticed.
CREATE TABLE events (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    real_login TEXT NOT NULL,
    host TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_subject ON events (subject);

CREATE TRIGGER reports_not_changed BEFORE UPDATE ON reports
BEGIN SELECT RAISE(ABORT, 'reports are append-only'); END;
CREATE TRIGGER reports_not_deleted BEFORE DELETE ON reports
BEGIN SELECT RAISE(ABORT, 'reports are append-only'); END;
CREATE TRIGGER findings_not_changed BEFORE UPDATE ON findings
BEGIN SELECT RAISE(ABORT, 'findings are append-only'); END;
CREATE TRIGGER findings_not_deleted BEFORE DELETE ON findings
BEGIN SELECT RAISE(ABORT, 'findings are append-only'); END;
CREATE TRIGGER events_not_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_not_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER units_code_not_changed BEFORE UPDATE OF code ON units
BEGIN SELECT RAISE(ABORT, 'a code is never changed or used again'); END;
CREATE TRIGGER units_not_deleted BEFORE DELETE ON units
BEGIN SELECT RAISE(ABORT, 'a unit is retired, never deleted'); END;

-- For people with other tools (sqlite3, datasette). Views look as of now, so they name no
-- clock: where a report is open the instants say what it is.
CREATE VIEW v_board AS
SELECT
    o.subject AS date,
    o.unit,
    u.name,
    u.kind AS kind_of_unit,
    CASE
        WHEN o.exempt = 1 THEN 'exempt'
        WHEN o.discharged_at IS NULL THEN 'open'
        WHEN o.discharged_at <= o.due_at THEN 'on_time'
        WHEN o.discharged_at <= o.missed_at THEN 'late'
        ELSE 'made_up'
    END AS status,
    r.kind AS report,
    r.revision,
    r.filed_by,
    o.discharged_at AS first_filed_at,
    o.due_at,
    o.missed_at
FROM obligations AS o
INNER JOIN units AS u ON u.code = o.unit
LEFT JOIN reports AS r
    ON r.date = o.subject AND r.unit = o.unit
    AND r.revision = (
        SELECT MAX(n.revision) FROM reports AS n WHERE n.date = o.subject AND n.unit = o.unit
    )
WHERE o.kind = 'report';

-- Compare due_at with your clock (seconds since the epoch): less is overdue.
CREATE VIEW v_overdue AS
SELECT o.kind, o.subject, o.unit, u.name, o.opened_at, o.due_at, o.missed_at
FROM obligations AS o
INNER JOIN units AS u ON u.code = o.unit
WHERE o.discharged_at IS NULL AND o.exempt = 0;
