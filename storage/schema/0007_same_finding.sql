-- A finding may say which matter it is that is being dealt with already; '' where it is a new one.
ALTER TABLE findings ADD COLUMN same_as TEXT NOT NULL DEFAULT '';
CREATE INDEX findings_same_as ON findings (same_as, unit) WHERE same_as <> '';
CREATE INDEX matter_entries_merged ON matter_entries (matter) WHERE act = 'merge';
