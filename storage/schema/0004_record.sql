-- What makes the record one that people can be held to.

-- Events of older programs do not carry what they wrote: what stands here by now is sealed by
-- whoever opens the store first for writing.
INSERT INTO meta (key, value)
SELECT 'unsealed', 'yes' WHERE EXISTS (SELECT 1 FROM events);
