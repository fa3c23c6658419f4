import { afterEach, beforeEach } from 'vitest'
import type { Store } from '../../collector/store/store.ts'
import { act, agent, token } from './store-records.ts'

/** One engine under test; `reopen` closes and opens the same data. */
export type Engine = {
  readonly name: string
  open(folder: string): Promise<Store>
}

/** What a test works on. */
export type Opened = {
  readonly store: Store
  /** Closes and opens the same data. */
  reopen(): Promise<void>
}

/** Opens a store in a folder of its own for each test, with one token and one agent in it. */
export function openForEach(
  engine: Engine,
  newFolder: () => Disposable & { path: string },
): Opened {
  let folder: ReturnType<typeof newFolder>
  let store: Store
  beforeEach(async () => {
    folder = newFolder()
    store = await engine.open(folder.path)
    await store.applyActs([act([{ kind: 'token', token }])])
    await store.applyActs([act([{ kind: 'agent', agent, token: 't1' }])])
  })
  afterEach(async () => {
    await store.close()
    folder[Symbol.dispose]()
  })
  return {
    get store() {
      return store
    },
    reopen: async () => {
      await store.close()
      store = await engine.open(folder.path)
    },
  }
}
