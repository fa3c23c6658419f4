-- What people sign in with. None of it follows from the logs, and none of it stands in them.

-- Sessions can be listed and ended by account, and end when nobody used them for a while.
CREATE TABLE session_now (
  hash         TEXT PRIMARY KEY,
  account      TEXT NOT NULL,
  signed_in_as TEXT NOT NULL,
  opened_at    INTEGER NOT NULL,
  used_at      INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session_now
  SELECT hash, account ->> '$.id', account, expires_at - 43200000, expires_at - 43200000, expires_at
  FROM session;
DROP TABLE session;
ALTER TABLE session_now RENAME TO session;
CREATE INDEX session_of_account ON session (account);

-- A password as a salted hash, the secret of the second factor encrypted, a one-time link hashed.
CREATE TABLE account_secret (
  account         TEXT PRIMARY KEY,
  password        TEXT,
  totp            BLOB,
  totp_step       INTEGER NOT NULL,
  link            TEXT UNIQUE,
  link_expires_at INTEGER,
  changed_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_token (
  hash         TEXT PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  account      TEXT NOT NULL,
  label        TEXT NOT NULL,
  scope        TEXT NOT NULL CHECK (scope IN ('read', 'write')),
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  ended_at     INTEGER,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_token_of_account ON api_token (account);
