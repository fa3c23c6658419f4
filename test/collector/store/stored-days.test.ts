import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { noTime, sumNames } from '../../../collector/kpi/environment-day.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import { temporaryFolder } from '../../support/folder.ts'

test('a day stored before its sums had all their names is not there', async () => {
  using folder = temporaryFolder()
  const file = `${folder.path}/collector.db`
  const store = sqliteStore(file)
  const place = { institution: 'health', environment: 'portal' }
  for (const day of [0, 86_400_000]) {
    await store.saveDays([{ ...place, day, sums: noTime, pieces: [] }], [])
  }
  const db = new Database(file)
  const old = JSON.stringify(sumNames.slice(0, 10).map(() => 0))
  db.prepare('UPDATE environment_day SET sums = ?, pieces = ? WHERE day = 0').run(
    old,
    '[[0,5,3,1]]',
  )
  db.close()
  expect((await store.days()).map(({ day }) => day)).toEqual([86_400_000])
  await store.close()
})
