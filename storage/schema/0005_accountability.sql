-- The half-year check and the four hard targets.

-- What of a district's targets is entered and not computed; every revision stays.
CREATE TABLE entered_figures (
    year INTEGER NOT NULL,
    unit TEXT NOT NULL REFERENCES units (code),
    figure TEXT NOT NULL,
    revision INTEGER NOT NULL,
    value INTEGER NOT NULL,
    source TEXT NOT NULL,
    as_of TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    entered_at INTEGER NOT NULL,
    login TEXT NOT NULL,
    real_login TEXT NOT NULL,
    PRIMARY KEY (year, unit, figure, revision),
    CONSTRAINT entered_figures_known CHECK (figure IN ('new_cultivated', 'typical_case', 'stability')),
    CONSTRAINT entered_figures_revision_from_one CHECK (revision >= 1),
    CONSTRAINT entered_figures_value_fits
        CHECK (value >= 0 AND (figure = 'new_cultivated' OR value <= 1)),
    CONSTRAINT entered_figures_source_given CHECK (source <> ''),
    CONSTRAINT entered_figures_changed_with_reason CHECK (revision = 1 OR note <> '')
) STRICT, WITHOUT ROWID;
CREATE TRIGGER entered_figures_not_changed BEFORE UPDATE ON entered_figures
BEGIN SELECT RAISE(ABORT, 'entered figures are append-only'); END;
CREATE TRIGGER entered_figures_not_deleted BEFORE DELETE ON entered_figures
BEGIN SELECT RAISE(ABORT, 'entered figures are append-only'); END;

-- The yearly responsibility letter: what a district promised. `promises` is JSON, per cent by target.
CREATE TABLE letters (
    year INTEGER NOT NULL,
    unit TEXT NOT NULL REFERENCES units (code),
    revision INTEGER NOT NULL,
    signed_on TEXT NOT NULL,
    signed_by TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    promises TEXT NOT NULL DEFAULT '{}',
    entered_at INTEGER NOT NULL,
    login TEXT NOT NULL,
    real_login TEXT NOT NULL,
    PRIMARY KEY (year, unit, revision),
    CONSTRAINT letters_revision_from_one CHECK (revision >= 1),
    CONSTRAINT letters_signed CHECK (signed_by <> '')
) STRICT, WITHOUT ROWID;
CREATE TRIGGER letters_not_changed BEFORE UPDATE ON letters
BEGIN SELECT RAISE(ABORT, 'letters are append-only'); END;
CREATE TRIGGER letters_not_deleted BEFORE DELETE ON letters
BEGIN SELECT RAISE(ABORT, 'letters are append-only'); END;

-- What a unit has to say about a figure of its sheet, or about one row (`subject`) behind it.
CREATE TABLE remarks (
    period TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (code),
    figure TEXT NOT NULL,
    subject TEXT NOT NULL DEFAULT '',
    seq INTEGER NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    login TEXT NOT NULL,
    real_login TEXT NOT NULL,
    PRIMARY KEY (period, unit, figure, subject, seq),
    CONSTRAINT remarks_text_given CHECK (text <> '')
) STRICT, WITHOUT ROWID;
CREATE TRIGGER remarks_not_changed BEFORE UPDATE ON remarks
BEGIN SELECT RAISE(ABORT, 'remarks are append-only'); END;
CREATE TRIGGER remarks_not_deleted BEFORE DELETE ON remarks
BEGIN SELECT RAISE(ABORT, 'remarks are append-only'); END;

-- Steps by the date they fell due on, whose periods a check asks for, and those whose date moved.
CREATE INDEX obligations_steps_due ON obligations (due_at) WHERE kind = 'step';
CREATE INDEX obligations_moved ON obligations (changed_at) WHERE changed_at IS NOT NULL;
