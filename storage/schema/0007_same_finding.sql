-- A finding may say which matter it is that is being dealt with already; '' where it is a new one.
ALTER TABLE findings ADD COLUMN same_as TEXT NOT NULL DEFAULT '';
