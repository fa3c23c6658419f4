import { leafOf, messageLeaf } from '../../collector/evidence/leaf.ts'
import type { Act, Admitted, AgentRow, CheckRecord } from '../../collector/store/store.ts'
import { generateKey, messageTypes, privateKey, sha256, signJws } from '../../protocol/jws.ts'
import { dayMs, hourMs, minuteMs } from '../../protocol/time.ts'

/** When all of it happens. */
export const at = Date.parse('2026-11-21T12:00:00Z')
/** An agent that is enrolled. */
export const agent: AgentRow = {
  agent: 'a-1',
  institution: 'moh',
  environment: 'portal',
  name: 'web-1',
  enrolledAt: at,
  status: 'active',
  kid: 'k1',
  publicKey: 'p1',
}
/** The token it came with, good for one host. */
export const token = {
  hash: 't1',
  institution: 'moh',
  environment: 'portal',
  expiresAt: at + hourMs,
  usesMax: 1,
  uses: 0,
  subnets: null,
  approval: false,
  endedAt: null,
}
/** What an act says. */
export const entry = {
  actor: 'amal',
  role: 'admin',
  what: 'agent/a-1',
  why: 'enrolment',
  before: null,
  after: { name: 'web-1', ar: 'خادم' },
  effectiveFrom: at,
}

/** An act in a log, with what it does. */
export function act(effects: Act['effects'], log = 'moh'): Act {
  return { at, entry, leaf: leafOf(log, { kind: 'act', at, ...entry }), effects }
}

/** The check of its first batch. */
export const check: CheckRecord = {
  number: 1,
  institution: 'moh',
  environment: 'portal',
  name: 'web-1/http',
  agent: 'a-1',
  kind: 'http',
  label: 'البوابة',
  intervalMs: minuteMs,
  declared: true,
  since: at,
  boot: 'b1',
  throughBoot: 5 * minuteMs,
  through: at + 5 * minuteMs,
  state: 'up',
  reason: null,
  stateSince: at,
  spanFrom: at,
  upMs: 0,
  degradedMs: 0,
  downMs: 0,
}

const dating = { timeClass: 'A' as const, offsetMs: at, anchoredAt: at }

const key = privateKey(generateKey().privatePem)

/** What the agent of `batch` declares. */
export const definitions = [{ check: 'http', kind: 'http' as const, intervalMs: minuteMs }]

/** A message that makes a check's span last through `toMinute`. */
export function batch(seq: number, toMinute: number, more: Partial<CheckRecord> = {}): Admitted {
  const jws = signJws(messageTypes.batch, { seq, more: 'the same in each '.repeat(9) }, key, 'k1')
  const hash = sha256(jws)
  const through = at + toMinute * minuteMs
  const message = {
    ...{ epoch: 1, seq, through: seq, type: 'batch' as const },
    ...{ sha256: hash, received: through, jws, dating },
  }
  const span = { check: 1, from: at, to: through, state: 'up' as const, reason: null }
  return {
    agent,
    contact: { lastReportAt: through, lastBatchAt: through, version: '0.1.0', spooledMessages: 0 },
    anchor: { boot: 'b1', bucket: at, offsetMs: at, wallErrorMs: 12 },
    evidence: {
      message,
      leaf: messageLeaf('moh', 'a-1', message),
      cursor: { epoch: 1, seq: seq + 1, prev: hash, definitions },
      definitions,
      checks: [{ ...check, through, ...more }],
      grown: [],
      spans: [{ ...span, upMs: 0, degradedMs: 0, downMs: 0 }],
      facts: [
        {
          indicator: 'check.http',
          at: through,
          value: { n: 1, min: 0.2, max: 0.2, last: 0.2, buckets: [[-10, 1]] },
          ...{ method: null, missing: null, detail: null },
        },
      ],
      dirtyDays: [Math.floor(at / dayMs) * dayMs],
    },
  }
}
