-- Sums for each node of the tree, kept with every write, so that rates cost what they show.

-- Every day for which a report is or was owed. What one unit owes from day to day is found by
-- these days and the key of obligations; an index by unit would touch as many pages as there
-- are units whenever a day is created.
CREATE TABLE days (
    day TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO days (day) SELECT DISTINCT subject FROM obligations WHERE kind = 'report';
DROP INDEX obligations_by_unit;

-- The report obligations of a day, or of a month, at and below a node that has units under it;
-- '' is the node above all. Those of a day that fall due together are one row; a month is one
-- row, whose due_at is before all instants. As of an instant at or after `filed_last` the counts
-- are what they are here; what is open is missing where `due_last` is before it. Both are never
-- less than the newest filing, or the last due instant, of what is counted.
CREATE TABLE summaries (
    period TEXT NOT NULL,
    node TEXT NOT NULL,
    kind TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    due_last INTEGER NOT NULL,
    filed_last INTEGER NOT NULL,
    exempt INTEGER NOT NULL,
    open INTEGER NOT NULL,
    on_time INTEGER NOT NULL,
    late INTEGER NOT NULL,
    made_up INTEGER NOT NULL,
    zero INTEGER NOT NULL,
    PRIMARY KEY (period, node, kind, due_at),
    CONSTRAINT summaries_counts_not_negative CHECK (
        exempt >= 0 AND open >= 0 AND on_time >= 0 AND late >= 0 AND made_up >= 0 AND zero >= 0
    ),
    CONSTRAINT summaries_zeros_were_filed CHECK (zero <= on_time + late + made_up)
) STRICT, WITHOUT ROWID;

INSERT INTO summaries (period, node, kind, due_at, due_last, filed_last, exempt, open, on_time,
    late, made_up, zero)
WITH RECURSIVE
nodes (code) AS (SELECT DISTINCT parent FROM units WHERE parent IS NOT NULL),
above (code, node) AS (
    SELECT code, code FROM nodes
    UNION ALL
    SELECT a.code, u.parent FROM above AS a
    INNER JOIN units AS u ON u.code = a.node WHERE u.parent IS NOT NULL
),
lines (code, node) AS (
    SELECT code, node FROM above
    UNION ALL SELECT code, '' FROM nodes
    UNION ALL SELECT '', ''
),
owed AS (
    SELECT
        o.subject AS period,
        CASE WHEN n.code IS NULL THEN COALESCE(u.parent, '') ELSE u.code END AS node,
        u.kind,
        o.due_at,
        o.exempt,
        CASE
            WHEN o.discharged_at IS NULL THEN 0
            WHEN o.discharged_at <= o.due_at THEN 1
            WHEN o.discharged_at <= o.missed_at THEN 2
            ELSE 3
        END AS answer,
        CASE WHEN r.kind = 'zero' THEN 1 ELSE 0 END AS zero,
        r.filed_at
    FROM obligations AS o
    INNER JOIN units AS u ON u.code = o.unit
    LEFT JOIN nodes AS n ON n.code = o.unit
    LEFT JOIN reports AS r
        ON r.date = o.subject AND r.unit = o.unit
        AND r.revision = (
            SELECT MAX(m.revision) FROM reports AS m WHERE m.date = o.subject AND m.unit = o.unit
        )
    WHERE o.kind = 'report'
),
own AS (
    SELECT
        period,
        node,
        kind,
        due_at,
        MAX(CASE WHEN exempt = 0 AND answer > 0 THEN filed_at END) AS filed_last,
        SUM(exempt) AS exempt,
        SUM(CASE WHEN exempt = 0 AND answer = 0 THEN 1 ELSE 0 END) AS open,
        SUM(CASE WHEN exempt = 0 AND answer = 1 THEN 1 ELSE 0 END) AS on_time,
        SUM(CASE WHEN exempt = 0 AND answer = 2 THEN 1 ELSE 0 END) AS late,
        SUM(CASE WHEN exempt = 0 AND answer = 3 THEN 1 ELSE 0 END) AS made_up,
        SUM(CASE WHEN exempt = 0 AND answer > 0 THEN zero ELSE 0 END) AS zero
    FROM owed GROUP BY period, node, kind, due_at
)
SELECT
    o.period, l.node, o.kind, o.due_at, o.due_at,
    COALESCE(MAX(o.filed_last), -1000000000000),
    SUM(o.exempt), SUM(o.open), SUM(o.on_time), SUM(o.late), SUM(o.made_up), SUM(o.zero)
FROM own AS o INNER JOIN lines AS l ON l.code = o.node
GROUP BY o.period, l.node, o.kind, o.due_at;

INSERT INTO summaries (period, node, kind, due_at, due_last, filed_last, exempt, open, on_time,
    late, made_up, zero)
SELECT
    SUBSTR(period, 1, 7), node, kind, -1000000000000, MAX(due_last), MAX(filed_last),
    SUM(exempt), SUM(open), SUM(on_time), SUM(late), SUM(made_up), SUM(zero)
FROM summaries GROUP BY SUBSTR(period, 1, 7), node, kind;
