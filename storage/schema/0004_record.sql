-- What the audit log is held against, and what was moved out of this file.

-- Running sums: `owed` is of the days on which reports are owed. A store that older programs
-- wrote has none until what stands in it is sealed.
CREATE TABLE sums (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
