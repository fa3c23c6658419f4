import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLogKey } from '../../../collector/evidence/log-key.ts'
import { enrol } from '../../../collector/ingest/enrol.ts'
import { Ingest, type StorableMessage } from '../../../collector/ingest/ingest.ts'
import { readMessage } from '../../../collector/ingest/message.ts'
import { Roster } from '../../../collector/ingest/roster.ts'
import { Turns } from '../../../collector/ingest/turns.ts'
import { Identities } from '../../../collector/people/identities.ts'
import { makeToken } from '../../../collector/people/tokens.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import type { Store } from '../../../collector/store/store.ts'
import {
  generateKey,
  messageTypes,
  noPrevious,
  privateKey,
  signJws,
  thumbprint,
} from '../../../protocol/jws.ts'
import { provePossession, rejoinCode } from '../../../protocol/possession.ts'
import { hourMs } from '../../../protocol/time.ts'
import { temporaryFolder } from '../../support/folder.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const place = { institution: 'health', environment: 'portal' }
const boot = 'b007b007-0000-4000-8000-000000000001'
const admin = { id: 'amal', role: 'admin' }
const decision = { actor: admin, why: 'a test', at: now }
const pair = generateKey()
const key = privateKey(pair.privatePem)
const kid = thumbprint(pair.publicKey)

let folder: ReturnType<typeof temporaryFolder>
let store: Store
let roster: Roster
let ingest: Ingest
let identities: Identities
let agent: string

beforeEach(async () => {
  folder = temporaryFolder()
  store = sqliteStore(folder.file('collector.db'))
  roster = new Roster([])
  const logKey = openLogKey(folder.file('log-key.pem'))
  identities = new Identities({ store, roster, onChange: () => {} })
  ingest = new Ingest({
    ...{ store, roster, logKey, now: () => now, checkpointFor: () => null },
    quarantine: (row, why) => identities.quarantine(row.agent, why, now),
    onCommit: () => {},
    onFatal: (error) => {
      throw error
    },
  })
  const { text } = await makeToken(store, { ...place, usesMax: 1, lifeMs: hourMs }, admin, now)
  const request = { v: 1, token: text, name: 'web-1', publicKey: pair.publicKey }
  const body = Buffer.from(signJws(messageTypes.enrolment, request, key, kid))
  const joined = await enrol({ store, roster, logKey }, body, now)
  agent = 'agent' in joined ? joined.agent : ''
})

afterEach(async () => {
  await store.close()
  folder[Symbol.dispose]()
})

const sealed = { wall: now, boot: hourMs }
const head = () => ({ v: 1, agent, epoch: 1, seq: 1, prev: noPrevious, boot })

function gap(): string {
  const lost = { through: 3, lastDropped: null, window: { from: 0, to: 0 }, why: 'spool_full' }
  return signJws(messageTypes.gap, { ...head(), ...lost }, key, kid)
}

function rotation(): string {
  const next = generateKey()
  const possession = provePossession('rotation', agent, next.publicKey, privateKey(next.privatePem))
  const content = { ...head(), sealed, publicKey: next.publicKey, possession }
  return signJws(messageTypes.rotation, content, key, kid)
}

function heartbeat(): string {
  const content = { v: 1, agent, epoch: 1, boot, at: sealed, spool: { messages: 0, bytes: 0 } }
  return signJws(messageTypes.heartbeat, { ...content, version: '0.1.0' }, key, kid)
}

/** Reads a message while its sender is in good standing, and stores it when told. */
function read(jws: string) {
  const { gap: lost, rotation: turn, heartbeat: beat } = messageTypes
  const sent = readMessage(Buffer.from(jws), [lost, turn, beat], roster)
  return () => ingest.store(sent.agent, sent.message as StorableMessage, now)
}

async function leaves(): Promise<string[]> {
  return (await store.leavesOf(place.institution, 0, 100)).map(({ kind }) => kind)
}

/** Decided after a message was read and before it is stored: the decision has its turn first. */
const changes: [string, string, () => Promise<unknown>][] = [
  ['revoked', 'auth', () => identities.revoke(agent, decision)],
  [
    'quarantined',
    'quarantined',
    () => roster.inTurn(() => identities.quarantine(agent, 'a test', now)),
  ],
  [
    'given a new key by an admin',
    'auth',
    async () => {
      const { publicKey } = generateKey()
      await roster.inTurn(() => identities.quarantine(agent, 'a test', now))
      await store.saveRejoin({ agent, publicKey, askedAt: now })
      const code = rejoinCode(publicKey)
      await identities.askRelease(agent, code, decision)
      const second = { id: 'nasser', role: 'evaluator' } as const
      await identities.decideRelease(second, agent, { is: 'approved', code, ...decision })
    },
  ],
]

describe.each(changes)('an agent that is %s meanwhile', (_name, code, change) => {
  test.each([
    ['a gap', gap],
    ['a rotation', rotation],
  ])('adds nothing by %s', async (_name, make) => {
    const storing = read(make())
    await change()
    const before = await leaves()
    await expect(storing()).rejects.toMatchObject({ code })
    expect(await leaves()).toEqual(before)
    expect(before).not.toContain('gap')
  })

  test('is not taken for alive by a key that is not its own any more', async () => {
    const storing = read(heartbeat())
    await change()
    const stored = storing()
    if (code === 'auth') await expect(stored).rejects.toMatchObject({ code: 'auth' })
    else expect(await stored).toMatchObject({ result: 'stored' })
  })
})

test('two rotations and a batch of one moment: the first alone counts', async () => {
  const storing = [rotation(), rotation(), gap(), heartbeat()].map(read)
  const outcome = await Promise.allSettled(storing.map((store) => store()))
  expect(outcome.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'rejected',
  ])
  expect((await leaves()).filter((kind) => kind !== 'act')).toEqual(['rotation'])
})

test('work is done in turn, also after some that failed', async () => {
  const turns = new Turns()
  const done: number[] = []
  const works = [1, 2, 3].map((number) =>
    turns.take(async () => {
      await Promise.resolve()
      done.push(number)
      if (number === 2) throw new Error('no')
      return number
    }),
  )
  const outcome = await Promise.allSettled(works)
  expect(outcome.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(done).toEqual([1, 2, 3])
})
