import { expect, test } from 'vitest'
import { applyActs } from '../../../collector/people/acts.ts'
import { RegisterRecord } from '../../../collector/people/register-record.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import { temporaryFolder } from '../../support/folder.ts'

/** More than one search of the store looks at. */
const many = 1_100

test('what the register says is read once, then what is new, in the order of writing', async () => {
  using folder = temporaryFolder()
  const store = sqliteStore(folder.file('collector.db'))
  const write = (whats: readonly string[], at: number) =>
    applyActs(
      store,
      whats.map((what) => ({
        log: 'national',
        entry: {
          ...{ actor: 'a', role: 'admin', what, why: 'x', before: null },
          ...{ after: { at }, effectiveFrom: at },
        },
      })),
      at,
    )
  const record = new RegisterRecord(store)
  expect(await record.acts()).toEqual([])
  await write(['policy/freezeDays', ...Array(many).fill('access/a/read'), 'institution/b'], 1)
  const told = async () => (await record.acts()).map(({ entry, index }) => [entry.what, index])
  const first = [
    ['institution/b', many + 1],
    ['policy/freezeDays', 0],
  ]
  expect(await told()).toEqual(first)
  expect(await told()).toEqual(first)
  await write(['access/a/read', 'policy/setUpDays'], 2)
  expect(await told()).toEqual([['policy/setUpDays', many + 3], ...first])
  await store.close()
})
