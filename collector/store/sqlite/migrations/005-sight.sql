-- What tells why nothing was seen. Derived from batches; rows are of the time since this version.

-- A host began anew. Null: nothing was decided before; no record of a shutdown came with it.
CREATE TABLE boot (
  institution      TEXT NOT NULL,
  environment      TEXT NOT NULL,
  agent            TEXT NOT NULL,
  boot             TEXT NOT NULL,
  started_at       INTEGER NOT NULL,
  previous_through INTEGER,
  shutdown_at      INTEGER,
  PRIMARY KEY (institution, environment, agent, boot)
) STRICT, WITHOUT ROWID;
CREATE INDEX boot_start ON boot (institution, environment, started_at);

-- An agent looked, and nobody knows when.
CREATE TABLE clock_span (
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  agent       TEXT NOT NULL,
  start       INTEGER NOT NULL,
  stop        INTEGER NOT NULL,
  PRIMARY KEY (institution, environment, agent, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX clock_span_stop ON clock_span (institution, environment, stop);

-- An agent says that it did not look.
CREATE TABLE pause (
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  agent       TEXT NOT NULL,
  start       INTEGER NOT NULL,
  stop        INTEGER NOT NULL,
  why         TEXT NOT NULL,
  PRIMARY KEY (institution, environment, agent, start, why)
) STRICT, WITHOUT ROWID;
CREATE INDEX pause_stop ON pause (institution, environment, stop);
