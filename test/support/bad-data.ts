import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { generateKey } from '../../protocol/jws.ts'

/** Brings the WAL into the database itself. */
export function fold(dir: string): void {
  const db = new Database(join(dir, 'collector.db'))
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

/** Writes over a part of a file. */
export function patch(file: string, at: number, bytes: Buffer): void {
  const whole = readFileSync(file)
  bytes.copy(whole, at)
  writeFileSync(file, whole)
}

/**
 * What can happen to a data directory, with the exit code of a collector that starts in it and what
 * it says.
 */
export const damages: [name: string, damage: (dir: string) => void, code: number, said: RegExp][] =
  [
    [
      'flipped header',
      (dir) => {
        fold(dir)
        patch(join(dir, 'collector.db'), 3, Buffer.from('x'))
      },
      1,
      /collector\.db is no database, or its first page is damaged\. Restore a backup/,
    ],
    [
      'first page zeroed',
      (dir) => {
        fold(dir)
        patch(join(dir, 'collector.db'), 0, Buffer.alloc(4_096))
      },
      1,
      /collector\.db is no database/,
    ],
    [
      'truncated',
      (dir) => {
        fold(dir)
        truncateSync(join(dir, 'collector.db'), 5 * 4_096)
      },
      1,
      /collector\.db is damaged\. Restore a backup/,
    ],
    [
      'a text',
      (dir) => {
        rmSync(join(dir, 'collector.db-wal'))
        writeFileSync(join(dir, 'collector.db'), 'not a database at all\n'.repeat(500))
      },
      1,
      /collector\.db is no database/,
    ],
    [
      'WAL with a damaged header',
      (dir) => patch(join(dir, 'collector.db-wal'), 8, Buffer.from('garbage')),
      1,
      /collector\.db-wal is damaged: it holds messages that were acknowledged/,
    ],
    [
      'WAL with a damaged frame',
      (dir) => patch(join(dir, 'collector.db-wal'), 32 + 24 + 4_120 + 900, Buffer.from('garbage')),
      1,
      /collector\.db-wal is damaged/,
    ],
    [
      'WAL without its database',
      (dir) => rmSync(join(dir, 'collector.db')),
      2,
      /collector\.db is gone, but its -wal file is there/,
    ],
    [
      'emptied database',
      (dir) => {
        rmSync(join(dir, 'collector.db-wal'))
        truncateSync(join(dir, 'collector.db'), 0)
      },
      2,
      /log-key\.pem is there, but the database it belongs to/,
    ],
    ['missing key', (dir) => rmSync(join(dir, 'log-key.pem')), 2, /log-key\.pem is missing, but/],
    [
      'key of somebody else',
      (dir) => writeFileSync(join(dir, 'log-key.pem'), generateKey().privatePem),
      2,
      /log-key\.pem holds the log key \S+, which is not the one that signed the evidence beside it/,
    ],
    [
      'key that is none',
      (dir) => writeFileSync(join(dir, 'log-key.pem'), 'no key'),
      2,
      /log-key\.pem is no private key/,
    ],
    [
      'newer version',
      (dir) => {
        const db = new Database(join(dir, 'collector.db'))
        db.pragma('user_version = 99')
        db.close()
      },
      2,
      /collector\.db has format 99; this version reads up to \d+\. Nothing was changed/,
    ],
    [
      'other program',
      (dir) => {
        rmSync(join(dir, 'collector.db-wal'))
        rmSync(join(dir, 'collector.db'))
        const db = new Database(join(dir, 'collector.db'))
        db.exec('CREATE TABLE theirs (a)')
        db.close()
      },
      2,
      /collector\.db is a database of another program/,
    ],
    [
      'folder for a file',
      (dir) => {
        rmSync(join(dir, 'collector.db-wal'))
        rmSync(join(dir, 'collector.db'))
        mkdirSync(join(dir, 'collector.db'))
      },
      1,
      /collector\.db/,
    ],
    [
      'restore cut short',
      (dir) => {
        rmSync(join(dir, 'collector.db-wal'))
        renameSync(join(dir, 'collector.db'), join(dir, 'restoring.db'))
      },
      2,
      /A restore into .* was cut short\. Run it again/,
    ],
  ]
