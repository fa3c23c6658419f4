import { join } from 'node:path'
import { sqliteStore } from '../../collector/store/sqlite/sqlite.ts'
import { temporaryFolder } from '../support/folder.ts'
import { identitySuite } from './identity-suite.ts'
import { sightSuite } from './sight-suite.ts'
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
