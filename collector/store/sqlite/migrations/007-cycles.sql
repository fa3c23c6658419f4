-- What was published of a cycle when it was frozen and at each revision: the bytes themselves. The
-- national log's act holds their hash.
CREATE TABLE frozen_cycle (
  cycle    TEXT NOT NULL,
  revision INTEGER NOT NULL,
  bytes    BLOB NOT NULL,
  sha256   TEXT NOT NULL,
  -- JSON: how far each log had grown.
  sizes    TEXT NOT NULL,
  register TEXT NOT NULL,
  policy   TEXT NOT NULL,
  -- Null while no readiness model is part of the figures.
  model    TEXT,
  engine   TEXT NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (cycle, revision)
) STRICT;

CREATE TRIGGER frozen_cycle_keep_update BEFORE UPDATE ON frozen_cycle
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER frozen_cycle_keep_delete BEFORE DELETE ON frozen_cycle
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;

-- Published figures of open cycles that late data or acts made another, old beside new.
CREATE TABLE figure_change (
  id        INTEGER PRIMARY KEY,
  figure    TEXT NOT NULL,
  cycle     TEXT NOT NULL,
  old       TEXT,
  new       TEXT,
  -- Both are of the window that ends here.
  as_of     INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  -- The newest leaf that can have made it; null: time passed.
  cause_log TEXT,
  cause_idx INTEGER
) STRICT;

CREATE INDEX figure_change_cycle ON figure_change (cycle, id);
CREATE TRIGGER figure_change_keep_update BEFORE UPDATE ON figure_change
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER figure_change_keep_delete BEFORE DELETE ON figure_change
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;
