/** A change of one place in the source; `find` must be there exactly once. */
export type Patch = { readonly file: string; readonly find: string; readonly replace: string }

/** Who must notice: a named test of vitest, or a row of the fault table in its quick form. */
export type Catcher =
  | { readonly project: 'unit' | 'system'; readonly file: string; readonly name: string }
  | { readonly row: string }

/** A bug as peers had it, and who must catch it. Source: the seeded bugs M1 to M20 of the design. */
export type SeededBug = {
  readonly id: string
  readonly what: string
  readonly patches: readonly Patch[]
  readonly caughtBy: Catcher
}

const unit = (file: string, name: string): Catcher => ({ project: 'unit', file, name })

/** All seeded bugs. Each is small, and each was somebody's release. */
export const seededBugs: readonly SeededBug[] = [
  {
    id: 'M1',
    what: 'acknowledged before the commit',
    patches: [
      {
        file: 'collector/ingest/ingest.ts',
        find: 'if (admissions.length > 0) indices = await store.appendGroup(admissions.map(rowsOf))',
        replace:
          'if (admissions.length > 0) { indices = admissions.map(() => 0)\n' +
          'setTimeout(() => store.appendGroup(admissions.map(rowsOf)), 200) }',
      },
    ],
    caughtBy: unit('test/collector/ingest/promises.test.ts', 'what is acknowledged is in'),
  },
  {
    id: 'M2',
    what: 'synchronous=NORMAL',
    patches: [
      {
        file: 'collector/store/sqlite/open.ts',
        find: "db.pragma('synchronous = FULL')",
        replace: "db.pragma('synchronous = NORMAL')",
      },
    ],
    caughtBy: { row: 'F3' },
  },
  {
    id: 'M3',
    what: 'spooled message deleted before its receipt',
    patches: [
      {
        file: 'agent/outbox.ts',
        find: 'this.#spool.commit({ attempted: message })',
        replace: 'this.#spool.commit({ removed: [message] })',
      },
    ],
    caughtBy: unit('test/agent/deliver.test.ts', 'a message goes when its receipt is on the disk'),
  },
  {
    id: 'M4',
    what: 'a message seen before is taken as new',
    patches: [
      {
        file: 'collector/ingest/ingest.ts',
        find: "if (this.#precheck(member, message) === 'seen') return { seen: true }",
        replace: 'this.#precheck(member, message)',
      },
    ],
    caughtBy: unit('test/collector/ingest/admission.test.ts', 'the same bytes again get'),
  },
  {
    id: 'M5',
    what: 'duplicates known for two minutes only',
    patches: [
      {
        file: 'collector/ingest/ingest.ts',
        find: 'if (stored?.sha256 === hash) {',
        replace: 'if (stored?.sha256 === hash && job.received - stored.received < 120_000) {',
      },
    ],
    caughtBy: unit('test/collector/ingest/promises.test.ts', 'the same bytes a week later'),
  },
  {
    id: 'M6',
    what: 'all that was sent goes out again at a start',
    patches: [
      {
        file: 'agent/outbox.ts',
        find: "this.#quarantine = spool.state('quarantine') as Quarantine | null // written below",
        replace:
          "this.#quarantine = spool.state('quarantine') as Quarantine | null\n" +
          'spool.commit({ again: spool.sentFrom({ epoch: 1, seq: 1 }) })',
      },
    ],
    caughtBy: unit('test/agent/deliver.test.ts', 'the next process sends what has no receipt'),
  },
  {
    id: 'M7',
    what: 'jitter applied before the cap',
    patches: [
      {
        file: 'agent/backoff.ts',
        find: 'random() * Math.min(capMs, base * 2 ** (count - 1))',
        replace: 'Math.min(capMs, random() * base * 2 ** (count - 1))',
      },
    ],
    caughtBy: unit('test/agent/backoff.test.ts', 'the jitter is applied after the cap'),
  },
  {
    id: 'M8',
    what: 'unknown counted as up',
    patches: [
      {
        file: 'collector/kpi/continuity.ts',
        find: 'low: fraction(good, eligible), high',
        replace: 'low: fraction(good + sums.unknown, eligible), high',
      },
    ],
    caughtBy: unit('test/collector/kpi/continuity.test.ts', 'T7: unknown time leaves'),
  },
  {
    id: 'M9',
    what: 'events dated by the wall clock',
    patches: [
      {
        file: 'collector/ingest/clock.ts',
        find: 'own.length > 0 ? bootDating(own, sealed.boot) : wallDating(anchors, sealed)',
        replace:
          'own.length > 0 ? { ...bootDating(own, sealed.boot), ' +
          'offsetMs: sealed.wall - sealed.boot } : wallDating(anchors, sealed)',
      },
    ],
    caughtBy: unit('test/collector/ingest/clock.test.ts', 'A: the least delayed heartbeat'),
  },
  {
    id: 'M10',
    what: 'a revoked key may rotate',
    patches: [
      {
        file: 'collector/ingest/message.ts',
        find: "sender.agent.status === 'revoked'",
        replace: "(sender.agent.status === 'revoked' && jws.typ !== messageTypes.rotation)",
      },
      {
        file: 'collector/ingest/ingest.ts',
        find: "if (status === 'revoked') throw",
        replace: "if (status === 'revoked' && message.type !== 'rotation') throw",
      },
    ],
    caughtBy: unit('test/collector/ingest/promises.test.ts', 'a revoked agent cannot rotate'),
  },
  {
    id: 'M11',
    what: 'dropped without a gap',
    patches: [
      {
        file: 'agent/outbox.ts',
        find: 'this.#commitLoss({ removed, added })',
        replace: 'this.#spool.commit({ removed: added.length > 0 ? removed : [] })',
      },
    ],
    caughtBy: unit('test/agent/outbox.test.ts', 'goes, oldest first, and is declared'),
  },
  {
    id: 'M12a',
    what: 'a look that could not be made becomes DOWN',
    patches: [
      {
        file: 'agent/watch.ts',
        find: "'A check could not be made.', { check, code })\n    return null",
        replace:
          "'A check could not be made.', { check, code })\n" +
          "    return { state: 'down', reason: 'timeout' } as never",
      },
    ],
    caughtBy: unit('test/agent/watch.test.ts', 'a probe that could not look makes no observation'),
  },
  {
    id: 'M12b',
    what: "the collector's own stop (SQLITE_BUSY, restart) becomes DOWN",
    patches: [
      {
        file: 'collector/kpi/environment-day.ts',
        find: "return isCentral ? { ...part, excluded: 'centre' } : part",
        replace: "return isCentral ? { ...part, state: 'down' as const } : part",
      },
    ],
    caughtBy: { row: 'F17' },
  },
  {
    id: 'M13',
    what: 'a message stored but not projected',
    patches: [
      {
        file: 'collector/ingest/admit.ts',
        find: 'return admission(member, row, next, projection,',
        replace: 'return admission(member, row, next, { ...projection, spans: [] },',
      },
    ],
    caughtBy: unit('test/collector/ingest/promises.test.ts', 'what is acknowledged is in'),
  },
  {
    id: 'M14',
    what: 'the verifier skips the last, partial tile',
    patches: [
      {
        file: 'collector/evidence/claims.ts',
        find: 'isTrue: claim.root.equals(root)',
        replace: 'isTrue: tree.size % 256 !== 0 || claim.root.equals(root)',
      },
    ],
    caughtBy: {
      project: 'system',
      file: 'test/collector/evidence/tampering.slow.test.ts',
      name: 'tampering by the operator',
    },
  },
  {
    id: 'M15',
    what: 'receipt before the sync is done',
    patches: [
      {
        file: 'collector/store/sqlite/open.ts',
        find: "db.pragma('synchronous = FULL')",
        replace: "db.pragma('synchronous = OFF')",
      },
    ],
    caughtBy: {
      project: 'system',
      file: 'test/system/fsync.test.ts',
      name: 'a collector syncs before it acknowledges',
    },
  },
  {
    id: 'M16',
    what: 'a second connection that writes',
    patches: [
      {
        file: 'collector/store/sqlite/open.ts',
        find: 'readonly: true, fileMustExist: true',
        replace: 'fileMustExist: true',
      },
    ],
    caughtBy: unit('test/collector/ingest/promises.test.ts', 'only one connection can write'),
  },
  {
    id: 'M17',
    what: 'coerceTypes back on',
    patches: [
      { file: 'collector/app.ts', find: 'coerceTypes: false', replace: 'coerceTypes: true' },
    ],
    caughtBy: unit('test/collector/http/api.test.ts', 'a number as text'),
  },
  {
    id: 'M18',
    what: 'a token usable twice under concurrency',
    patches: [
      {
        file: 'collector/store/sqlite/write-identities.ts',
        find: ' AND uses < uses_max',
        replace: '',
      },
    ],
    caughtBy: unit('test/contract/store.test.ts', 'a token is used as often as it may be'),
  },
  {
    id: 'M19',
    what: 'the export omits unknown minutes',
    patches: [
      {
        file: 'collector/evidence/figures.ts',
        find: '    ...reader,',
        replace:
          '    ...reader,\n' +
          'ledgerDays: async (key) => (await reader.ledgerDays(key)).map(({ day, sums, pieces }) =>\n' +
          '({ day, sums: { ...sums, unknown: 0 }, pieces: pieces.map((piece) =>\n' +
          "piece.state === 'unknown' && !piece.excluded\n" +
          "? { ...piece, excluded: 'centre' as const } : piece) })),",
      },
    ],
    caughtBy: { row: 'F17' },
  },
  {
    id: 'M20',
    what: 'going on after an I/O error on the same connection',
    patches: [
      {
        file: 'collector/store/sqlite/failures.ts',
        find: "['SQLITE_IOERR', true,",
        replace: "['SQLITE_IOERR', false,",
      },
    ],
    caughtBy: {
      project: 'system',
      file: 'test/system/fail-stop.test.ts',
      name: 'once: no acknowledgement, the process ends',
    },
  },
]
