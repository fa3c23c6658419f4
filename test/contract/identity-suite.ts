import { describe, expect, test } from 'vitest'
import { rejoinsMax } from '../../collector/store/store.ts'
import { hourMs } from '../../protocol/time.ts'
import { type Engine, openForEach } from './engine.ts'
import { act, agent, at, batch, entry, token } from './store-records.ts'

/** What every engine must do with acts, tokens, keys and sessions. Run it for each. */
export function identitySuite(
  engine: Engine,
  newFolder: () => Disposable & { path: string },
): void {
  describe(`identities on ${engine.name}`, () => {
    const opened = openForEach(engine, newFolder)

    test('acts are kept in order, with leaves that count from 0 in each log', async () => {
      await opened.store.applyActs([act([], 'national')])
      await opened.reopen()
      expect(await opened.store.entries()).toEqual([entry, entry, entry])
      expect((await opened.store.leaf('moh', 1))?.entry).toBe(
        (await opened.store.leaf('national', 0))?.entry,
      )
      expect(await opened.store.leaf('moh', 2)).toBeNull()
    })

    test('a token is used as often as it may be, and not once more', async () => {
      expect((await opened.store.token('t1'))?.uses).toBe(1)
      const second = { ...agent, agent: 'a-2', name: 'web-2', kid: 'k2' }
      await expect(
        opened.store.applyActs([act([{ kind: 'agent', agent: second, token: 't1' }])]),
      ).rejects.toThrow('used by another host')
      expect(await opened.store.entries()).toHaveLength(2)
      expect((await opened.store.agents()).map((each) => each.agent.agent)).toEqual(['a-1'])
    })

    test('a status changes and stays changed', async () => {
      await opened.store.applyActs([
        act([{ kind: 'agent-status', agent: 'a-1', status: 'revoked' }]),
      ])
      await opened.reopen()
      expect((await opened.store.contacts()).map(({ status }) => status)).toEqual(['revoked'])
    })

    test('what a quarantined agent sends is kept aside, the same bytes once', async () => {
      const { jws, sha256: hash } = batch(1, 5).evidence!.message
      const row = { agent: 'a-1', epoch: 1, seq: 1, sha256: hash, received: at, why: 'w', jws }
      await opened.store.setAside(row)
      await opened.store.setAside({ ...row, received: at + 1 })
      await opened.reopen()
      expect(await opened.store.contested('a-1')).toEqual([row])
      expect(await opened.store.message(agent, 1, 1)).toBeNull()
    })

    test('of the wishes to rejoin the newest stay, until one is granted', async () => {
      for (let i = 0; i <= rejoinsMax; i++) {
        await opened.store.saveRejoin({ agent: 'a-1', publicKey: `p-${i}`, askedAt: at + i })
      }
      await opened.reopen()
      const keys = (await opened.store.rejoins()).map(({ publicKey }) => publicKey)
      expect(keys).toEqual(['p-1', 'p-2', 'p-3', 'p-4', 'p-5'])
      const retired = { kid: 'k1', agent: 'a-1', publicKey: 'p1', throughEpoch: 1, throughSeq: 4 }
      const released = { ...agent, kid: 'k-5', publicKey: 'p-5' }
      await opened.store.applyActs([act([{ kind: 'agent-key', agent: released, retired }])])
      await opened.reopen()
      expect(await opened.store.rejoins()).toEqual([])
      const [stored] = await opened.store.agents()
      expect([stored?.agent, stored?.retiredKeys]).toEqual([released, [retired]])
    })

    test('a rotation changes the key in the same commit as its message', async () => {
      const next = { ...agent, kid: 'k2', publicKey: 'p2' }
      const retired = { kid: 'k1', agent: 'a-1', publicKey: 'p1', throughEpoch: 1, throughSeq: 1 }
      const admitted = batch(1, 5)
      const evidence = { ...admitted.evidence!, rotation: { agent: next, retired } }
      await opened.store.appendGroup([{ ...admitted, evidence }])
      await opened.reopen()
      const [stored] = await opened.store.agents()
      expect([stored?.agent, stored?.retiredKeys]).toEqual([next, [retired]])
    })

    test('the name of a revoked agent passes on, with its timelines and values', async () => {
      await opened.store.appendGroup([batch(1, 5)])
      const second = { ...agent, agent: 'a-2', kid: 'k2' }
      const other = { ...token, hash: 't2' }
      await opened.store.applyActs([act([{ kind: 'token', token: other }])])
      const enrol = act([{ kind: 'agent', agent: second, token: 't2' }])
      await expect(opened.store.applyActs([enrol])).rejects.toThrow(/UNIQUE|unique/)
      await opened.store.applyActs([
        act([{ kind: 'agent-status', agent: 'a-1', status: 'revoked' }]),
      ])
      await opened.store.applyActs([enrol])
      await opened.reopen()
      const stored = await opened.store.agents()
      const checks = stored.map(({ agent: { agent: id }, checks: own }) => [id, own.length])
      expect(checks.toSorted()).toEqual([
        ['a-1', 0],
        ['a-2', 1],
      ])
      expect(await opened.store.values(agent)).toEqual(new Map([['web-1/http', 0.2]]))
    })

    test('a token that was ended stays ended', async () => {
      const capped = { ...token, hash: 't2', subnets: ['10.1.0.0/16'], approval: true }
      await opened.store.applyActs([act([{ kind: 'token', token: capped }])])
      await opened.store.applyActs([act([{ kind: 'token-ended', hash: 't2', at }])])
      await opened.store.applyActs([act([{ kind: 'token-ended', hash: 't2', at: at + 1 }])])
      await opened.reopen()
      expect(await opened.store.token('t2')).toEqual({ ...capped, endedAt: at })
      expect((await opened.store.tokens()).map(({ hash }) => hash).toSorted()).toEqual(['t1', 't2'])
    })

    test('sessions end', async () => {
      const account = { id: 'amal', role: 'admin' } as const
      await opened.store.saveSession('s1', account, at + hourMs)
      expect(await opened.store.session('s1', at)).toEqual(account)
      expect(await opened.store.session('s1', at + hourMs)).toBeNull()
      await opened.store.deleteSession('s1')
      expect(await opened.store.session('s1', at)).toBeNull()
    })
  })
}
