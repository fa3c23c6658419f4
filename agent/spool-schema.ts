import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../protocol/time.ts'

/** Written into the file. What a newer version wrote is left alone. */
export const schemaVersion = 2

const rowColumns = `
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL, through INTEGER NOT NULL,
    type TEXT NOT NULL, why TEXT, boot TEXT NOT NULL,
    windowFrom INTEGER NOT NULL, windowTo INTEGER NOT NULL,
    sealedWall INTEGER NOT NULL, sealedBoot INTEGER NOT NULL,
    prev TEXT NOT NULL, after TEXT NOT NULL, bytes INTEGER NOT NULL`

/** `sent` as version 2 has it: messages that have their receipt. */
const sent = `
  CREATE TABLE sent (${rowColumns},
    jws TEXT NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (epoch, seq)
  ) STRICT;`

/** A place may have several receipts: a restored collector gives another one. */
const receipt = `
  CREATE TABLE receipt (
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL, received INTEGER NOT NULL,
    keptAt INTEGER NOT NULL, jws TEXT NOT NULL, PRIMARY KEY (epoch, seq, received)
  ) STRICT;`

const done = `PRAGMA user_version = ${schemaVersion}; COMMIT;`

/** Makes the tables of a new spool. */
export function makeTables(db: DatabaseSync): void {
  db.exec(`BEGIN;
  CREATE TABLE message (${rowColumns},
    attempted INTEGER NOT NULL, jws TEXT NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (epoch, seq)
  ) STRICT; ${sent} ${receipt}
  CREATE TABLE rejected (
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, jws TEXT NOT NULL
  ) STRICT;
  CREATE TABLE state (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, json TEXT NOT NULL) STRICT;
  ${done}`)
}

/** Carries a spool of version 1 over, as a whole or not at all. */
export function upgrade(db: DatabaseSync, at: EpochMs): void {
  db.function('receivedOf', { deterministic: true }, (jws) => receivedOf(String(jws)))
  db.exec(`BEGIN IMMEDIATE; ${sent}
  ALTER TABLE receipt RENAME TO receipt1; ${receipt}
  INSERT INTO receipt SELECT epoch, seq, receivedOf(jws), ${Math.trunc(at)}, jws FROM receipt1;
  DROP TABLE receipt1;
  ${done}`)
}

/** When the collector says it received a message; it was verified when it was kept. */
function receivedOf(jws: string): number {
  try {
    const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()
    const { received } = JSON.parse(payload) as { received?: unknown }
    return Number.isSafeInteger(received) ? Number(received) : 0
  } catch {
    return 0
  }
}
