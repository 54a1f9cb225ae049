-- The checklist of grassroots land offices, and where units stand on the map of tiles.

CREATE TABLE standards (
    code TEXT NOT NULL PRIMARY KEY,
    section TEXT NOT NULL,
    standard TEXT NOT NULL,
    standard_en TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL,
    CONSTRAINT standards_section_known
        CHECK (section IN ('organisation', 'staff', 'premises', 'equipment')),
    CONSTRAINT standards_said CHECK (standard <> '')
) STRICT, WITHOUT ROWID;

-- What was found of an office, standard by standard; every revision stays.
CREATE TABLE checklist (
    unit TEXT NOT NULL REFERENCES units (code),
    item TEXT NOT NULL REFERENCES standards (code),
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    date TEXT NOT NULL,
    evidence TEXT NOT NULL,
    entered_at INTEGER NOT NULL,
    login TEXT NOT NULL,
    real_login TEXT NOT NULL,
    PRIMARY KEY (unit, item, revision),
    CONSTRAINT checklist_state_known CHECK (state IN ('met', 'partly', 'not_met', 'not_needed')),
    CONSTRAINT checklist_revision_from_one CHECK (revision >= 1),
    CONSTRAINT checklist_evidence_given CHECK (evidence <> '')
) STRICT, WITHOUT ROWID;
CREATE TRIGGER checklist_not_changed BEFORE UPDATE ON checklist
BEGIN SELECT RAISE(ABORT, 'the checklist is append-only'); END;
CREATE TRIGGER checklist_not_deleted BEFORE DELETE ON checklist
BEGIN SELECT RAISE(ABORT, 'the checklist is append-only'); END;

CREATE TABLE tiles (
    unit TEXT NOT NULL PRIMARY KEY REFERENCES units (code),
    line INTEGER NOT NULL,
    place INTEGER NOT NULL,
    CONSTRAINT tiles_fit CHECK (line BETWEEN 1 AND 40 AND place BETWEEN 1 AND 40)
) STRICT, WITHOUT ROWID;
