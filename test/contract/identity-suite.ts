import { describe, expect, test } from 'vitest'
import type { AccountSecret, ApiTokenRow, SessionRow } from '../../collector/store/people.ts'
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
      const { store } = opened
      const row = (hash: string, id = 'amal', openedAt = at): SessionRow => {
        const account = { id, role: 'admin', via: 'password' } as const
        return { hash, account, openedAt, usedAt: openedAt, expiresAt: openedAt + hourMs }
      }
      for (const hash of ['s1', 's2', 's3']) await store.saveSession(row(hash))
      await store.saveSession(row('other', 'huda', at + 1))
      await store.useSession('s1', at + 5)
      const hashes = async () => (await store.sessionsOf('amal')).map(({ hash }) => hash)
      expect(await store.session('s1')).toEqual({ ...row('s1'), usedAt: at + 5 })
      await store.deleteSession('s1')
      expect(await store.session('s1')).toBeNull()
      expect(await hashes()).toEqual(['s2', 's3'])
      const end = { kind: 'sessions-ended', account: 'amal' } as const
      await store.applyActs([act([{ ...end, except: 's3' }])])
      expect(await hashes()).toEqual(['s3'])
      await store.applyActs([act([{ ...end, except: null }])])
      expect(await hashes()).toEqual([])
      expect(await store.sessionsOf('huda')).toEqual([row('other', 'huda', at + 1)])
      await store.saveSession(row('late', 'amal', at + 2 * hourMs))
      expect(await store.session('other')).toBeNull()
    })

    test('what an account signs in with takes the place of what was before', async () => {
      const { store } = opened
      const secret: AccountSecret = {
        ...{ account: 'amal', password: 'hash', totp: Buffer.from([1, 2]), totpStep: 0 },
        ...{ link: 'l1', linkExpiresAt: at, changedAt: at },
      }
      await store.applyActs([act([{ kind: 'account-secret', secret }])])
      await opened.reopen()
      expect(await opened.store.accountSecrets()).toEqual([secret])
      expect(await opened.store.secretByLink('l1')).toEqual(secret)
      const steps = [7, 7, 6, 8].map((step) => opened.store.acceptTotpStep('amal', step))
      expect(await Promise.all(steps)).toEqual([true, false, false, true])
      const next = { ...secret, password: null, totp: null, link: null, linkExpiresAt: null }
      await opened.store.applyActs([act([{ kind: 'account-secret', secret: next }])])
      expect(await opened.store.accountSecret('amal')).toEqual({ ...next, totpStep: 8 })
      expect(await opened.store.secretByLink('l1')).toBeNull()
      expect(await opened.store.accountSecret('huda')).toBeNull()
      expect(await opened.store.acceptTotpStep('huda', 9)).toBe(false)
    })

    test('API tokens end one by one and with their account', async () => {
      const made = (id: string, account = 'amal'): ApiTokenRow => ({
        ...{ hash: `hash-${id}`, id, account, label: 'nightly export', scope: 'read' },
        ...{ createdAt: at, expiresAt: at + hourMs, endedAt: null, lastUsedAt: null },
      })
      const all = [made('t1'), made('t2'), made('t3', 'huda')]
      await opened.store.applyActs([act(all.map((token) => ({ kind: 'api-token', token })))])
      await opened.store.useApiToken('hash-t2', at + 3)
      await opened.store.applyActs([act([{ kind: 'api-token-ended', id: 't1', at }])])
      const end = { kind: 'api-tokens-ended', account: 'amal', at: at + 9 } as const
      await opened.store.applyActs([act([end])])
      await opened.reopen()
      const ended = { ...made('t2'), endedAt: at + 9, lastUsedAt: at + 3 }
      expect(await opened.store.apiTokensOf('amal')).toEqual([
        { ...made('t1'), endedAt: at },
        ended,
      ])
      expect(await opened.store.apiToken('hash-t3')).toEqual(made('t3', 'huda'))
      expect(await opened.store.apiToken('none')).toBeNull()
    })
  })
}
