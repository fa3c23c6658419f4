import { join } from 'node:path'
import { expect } from 'vitest'
import { MemoryStore } from '../../collector/store/memory.ts'
import type { Refolded } from '../../collector/store/refolded.ts'
import { sqliteStore } from '../../collector/store/sqlite/sqlite.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type FactEngine, factSuite } from './fact-suite.ts'
import { identitySuite } from './identity-suite.ts'
import { sightSuite } from './sight-suite.ts'
import { act, agent, token } from './store-records.ts'
import { storeSuite } from './store-suite.ts'

const sqlite = {
  name: 'SQLite',
  open: async (folder: string) => sqliteStore(join(folder, 'collector.db')),
}

for (const engine of [sqlite]) {
  storeSuite(engine, temporaryFolder)
  identitySuite(engine, temporaryFolder)
  sightSuite(engine, temporaryFolder)
}

const enrolment = (row: typeof agent, by: string | null) => [
  { kind: 'agent' as const, agent: row, token: by },
]
const revocation = [
  { kind: 'agent-status' as const, agent: agent.agent, status: 'revoked' as const },
]

const factsOnSqlite: FactEngine = {
  name: 'SQLite',
  open: async (folder) => {
    const store = await sqlite.open(folder)
    await store.applyActs([act([{ kind: 'token', token }]), act(enrolment(agent, token.hash))])
    return {
      reader: store,
      add: async (messages) => {
        const stored = await store.appendGroup(messages)
        expect(stored.filter((each) => each instanceof Error)).toEqual([])
      },
      succeed: async (row) => store.applyActs([act(revocation), act(enrolment(row, null))]),
      close: () => store.close(),
    }
  },
}

const factsInMemory: FactEngine = {
  name: 'memory',
  open: async () => {
    const store = new MemoryStore()
    const place = { position: 1, index: 0, message: null }
    const acted = (effects: Refolded['effects']): Refolded => {
      return { leaf: { ...act([]).leaf, ...place }, admitted: null, effects, livenessAt: null }
    }
    store.apply([acted(enrolment(agent, null))])
    return {
      reader: store.reader,
      add: async (messages) =>
        store.apply(
          messages.map((admitted) => {
            const leaf = { ...admitted.evidence!.leaf, ...place }
            return { leaf, admitted, effects: [], livenessAt: null }
          }),
        ),
      succeed: async (row) => store.apply([acted(revocation), acted(enrolment(row, null))]),
      close: async () => {},
    }
  },
}

for (const engine of [factsOnSqlite, factsInMemory]) factSuite(engine, temporaryFolder)
