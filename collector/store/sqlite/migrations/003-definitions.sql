-- What an agent declares changes seldom, where its stream stands with every batch.

CREATE TABLE definition (
  agent       TEXT PRIMARY KEY,
  definitions TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO definition SELECT agent, definitions FROM cursor WHERE definitions <> '[]';

ALTER TABLE cursor DROP COLUMN definitions;
