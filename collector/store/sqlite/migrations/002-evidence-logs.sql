-- One row for each leaf of each log, in the one order in which they were written; a message is
-- part of its leaf, and people's acts are read from theirs.

CREATE TABLE leaf_next (
  position    INTEGER PRIMARY KEY,
  log         TEXT NOT NULL,
  idx         INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  hash        BLOB NOT NULL,
  -- Null where the columns of the message say it all.
  entry       TEXT,
  agent       TEXT,
  epoch       INTEGER,
  seq         INTEGER,
  through     INTEGER,
  received    INTEGER,
  time_class  TEXT,
  offset_ms   INTEGER,
  anchored_at INTEGER,
  -- The earlier message of this agent that this one was packed against.
  base        INTEGER,
  jws         BLOB,
  UNIQUE (log, idx)
) STRICT;

-- In each log the order of its index, whatever the clock did; acts in the order they were written.
INSERT INTO leaf_next (log, idx, kind, hash, entry, agent, epoch, seq, through, received,
  time_class, offset_ms, jws)
SELECT log, idx, kind, hash, entry, agent, epoch, seq, through, received, time_class, offset_ms, jws
FROM (
  SELECT leaf.log, leaf.idx, json_extract(leaf.entry, '$.kind') AS kind, leaf.hash, leaf.entry,
    message.agent, message.epoch, message.seq, message.through, message.received,
    json_extract(leaf.entry, '$.timeClass') AS time_class,
    json_extract(leaf.entry, '$.offset') AS offset_ms, message.jws,
    max(coalesce(message.received, json_extract(leaf.entry, '$.at'))) OVER earlier AS at,
    max(coalesce(entry.id, 0)) OVER earlier AS act
  FROM leaf
  LEFT JOIN message ON message.log = leaf.log AND message.leaf = leaf.idx
  LEFT JOIN entry ON entry.log = leaf.log AND entry.leaf = leaf.idx
  WINDOW earlier AS (PARTITION BY leaf.log ORDER BY leaf.idx)
)
ORDER BY at, act, log, idx;

DROP TABLE entry;
DROP TABLE message;
DROP TABLE leaf;
ALTER TABLE leaf_next RENAME TO leaf;
CREATE UNIQUE INDEX leaf_message ON leaf (log, agent, epoch, seq) WHERE agent IS NOT NULL;
CREATE INDEX leaf_act ON leaf (position) WHERE kind = 'act';
CREATE INDEX leaf_heads ON leaf (position) WHERE kind = 'heads';
CREATE INDEX leaf_log_key ON leaf (position) WHERE kind = 'log-key';

CREATE TRIGGER leaf_keep_update BEFORE UPDATE ON leaf
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER leaf_keep_delete BEFORE DELETE ON leaf
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;

-- How far each log's tree has grown: the roots of its complete subtrees, the largest first.
CREATE TABLE log_head (
  log   TEXT PRIMARY KEY,
  size  INTEGER NOT NULL,
  roots BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Signed notes of a log's size and root; agents keep copies.
CREATE TABLE checkpoint (
  log  TEXT NOT NULL,
  size INTEGER NOT NULL,
  at   INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER checkpoint_keep_update BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER checkpoint_keep_delete BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;

-- What quarantined agents sent: kept aside, counts for nothing.
CREATE TABLE contested (
  id       INTEGER PRIMARY KEY,
  agent    TEXT NOT NULL,
  epoch    INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  sha256   TEXT NOT NULL,
  received INTEGER NOT NULL,
  why      TEXT NOT NULL,
  jws      BLOB NOT NULL,
  UNIQUE (agent, sha256)
) STRICT;

CREATE TRIGGER contested_keep_update BEFORE UPDATE ON contested
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER contested_keep_delete BEFORE DELETE ON contested
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;

-- Identities: the name of an agent that was revoked may be taken by the one that follows it.
CREATE TABLE agent_next (
  agent       TEXT PRIMARY KEY,
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  name        TEXT NOT NULL,
  enrolled_at INTEGER NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('pending', 'active', 'quarantined', 'revoked')),
  kid         TEXT NOT NULL UNIQUE,
  public_key  TEXT NOT NULL,
  token       TEXT NOT NULL
) STRICT;

INSERT INTO agent_next
SELECT agent, institution, environment, name, enrolled_at, status, kid, public_key, token
FROM agent;

DROP TABLE agent;
ALTER TABLE agent_next RENAME TO agent;
CREATE UNIQUE INDEX agent_name ON agent (institution, environment, name) WHERE status <> 'revoked';

-- Keys that agents had before: good for messages up to this place, and for nothing after it.
CREATE TABLE retired_key (
  kid           TEXT PRIMARY KEY,
  agent         TEXT NOT NULL,
  public_key    TEXT NOT NULL,
  through_epoch INTEGER NOT NULL,
  through_seq   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Quarantined agents that ask to go on with a new key.
CREATE TABLE rejoin (
  agent      TEXT NOT NULL,
  public_key TEXT NOT NULL,
  asked_at   INTEGER NOT NULL,
  PRIMARY KEY (agent, public_key)
) STRICT, WITHOUT ROWID;

ALTER TABLE token ADD COLUMN subnets TEXT;
ALTER TABLE token ADD COLUMN approval INTEGER NOT NULL DEFAULT 0;
ALTER TABLE token ADD COLUMN ended_at INTEGER;
