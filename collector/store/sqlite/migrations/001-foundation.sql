-- Evidence: written once. Triggers refuse every change, whoever asks.

CREATE TABLE leaf (
  log   TEXT NOT NULL,
  idx   INTEGER NOT NULL,
  entry TEXT NOT NULL,
  hash  BLOB NOT NULL,
  PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  institution TEXT NOT NULL,
  agent       TEXT NOT NULL,
  epoch       INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  through     INTEGER NOT NULL,
  type        TEXT NOT NULL CHECK (type IN ('batch', 'gap')),
  sha256      BLOB NOT NULL,
  received    INTEGER NOT NULL,
  log         TEXT NOT NULL,
  leaf        INTEGER NOT NULL,
  jws         BLOB NOT NULL,
  PRIMARY KEY (institution, agent, epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
  id             INTEGER PRIMARY KEY,
  log            TEXT NOT NULL,
  leaf           INTEGER NOT NULL,
  at             INTEGER NOT NULL,
  actor          TEXT NOT NULL,
  role           TEXT NOT NULL,
  what           TEXT NOT NULL,
  why            TEXT NOT NULL,
  before         TEXT NOT NULL,
  after          TEXT NOT NULL,
  effective_from INTEGER NOT NULL
) STRICT;

CREATE TRIGGER leaf_keep_update BEFORE UPDATE ON leaf
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER leaf_keep_delete BEFORE DELETE ON leaf
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;
CREATE TRIGGER message_keep_update BEFORE UPDATE ON message
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER message_keep_delete BEFORE DELETE ON message
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;
CREATE TRIGGER entry_keep_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER entry_keep_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;

-- Identities: who may send.

CREATE TABLE agent (
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  name        TEXT NOT NULL,
  agent       TEXT NOT NULL UNIQUE,
  enrolled_at INTEGER NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('active', 'quarantined', 'revoked')),
  kid         TEXT NOT NULL UNIQUE,
  public_key  TEXT NOT NULL,
  token       TEXT NOT NULL,
  PRIMARY KEY (institution, environment, name)
) STRICT;

CREATE TABLE token (
  hash        TEXT PRIMARY KEY,
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  expires_at  INTEGER NOT NULL,
  uses_max    INTEGER NOT NULL,
  uses        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  hash       TEXT PRIMARY KEY,
  account    TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Projections: derived from the evidence, can be dropped and made again.

CREATE TABLE cursor (
  agent       TEXT PRIMARY KEY,
  epoch       INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  prev        TEXT NOT NULL,
  definitions TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
  agent            TEXT PRIMARY KEY,
  last_report_at   INTEGER NOT NULL,
  last_batch_at    INTEGER,
  version          TEXT,
  spooled_messages INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE anchor (
  agent         TEXT NOT NULL,
  boot          TEXT NOT NULL,
  bucket        INTEGER NOT NULL,
  offset_ms     INTEGER NOT NULL,
  wall_error_ms INTEGER NOT NULL,
  PRIMARY KEY (agent, boot, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE check_timeline (
  number       INTEGER PRIMARY KEY,
  institution  TEXT NOT NULL,
  environment  TEXT NOT NULL,
  name         TEXT NOT NULL,
  agent        TEXT NOT NULL,
  kind         TEXT NOT NULL,
  label        TEXT,
  interval_ms  INTEGER NOT NULL,
  declared     INTEGER NOT NULL,
  since        INTEGER,
  boot         TEXT,
  through_boot INTEGER NOT NULL,
  through      INTEGER NOT NULL,
  state        TEXT NOT NULL,
  reason       TEXT,
  state_since  INTEGER NOT NULL,
  span_from    INTEGER NOT NULL,
  up_ms        INTEGER NOT NULL,
  degraded_ms  INTEGER NOT NULL,
  down_ms      INTEGER NOT NULL,
  UNIQUE (institution, environment, name)
) STRICT;

CREATE TABLE span (
  check_number INTEGER NOT NULL,
  start        INTEGER NOT NULL,
  stop         INTEGER NOT NULL,
  state        TEXT NOT NULL,
  reason       TEXT,
  up_ms        INTEGER NOT NULL,
  degraded_ms  INTEGER NOT NULL,
  down_ms      INTEGER NOT NULL,
  PRIMARY KEY (check_number, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE fact (
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  agent       TEXT NOT NULL,
  indicator   TEXT NOT NULL,
  at          INTEGER NOT NULL,
  value       TEXT NOT NULL,
  detail      TEXT,
  PRIMARY KEY (institution, environment, agent, indicator)
) STRICT, WITHOUT ROWID;

CREATE TABLE liveness (
  start INTEGER PRIMARY KEY,
  stop  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE environment_day (
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  day         INTEGER NOT NULL,
  sums        TEXT NOT NULL,
  pieces      TEXT NOT NULL,
  PRIMARY KEY (institution, environment, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE dirty_day (
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  day         INTEGER NOT NULL,
  mark        INTEGER NOT NULL,
  PRIMARY KEY (institution, environment, day)
) STRICT, WITHOUT ROWID;
