import { readConfig } from '../config.ts'
import { changeLogKey } from '../evidence/log-key-change.ts'
import { dataFiles } from '../operations/data-files.ts'
import { requireOwnKey } from '../operations/open-data.ts'
import { lockDirectory } from '../store/sqlite/lock.ts'
import { sqliteStore } from '../store/sqlite/sqlite.ts'
import { explained } from '../store/sqlite/start-problems.ts'
import type { Command } from './command.ts'

const details = `The collector must be stopped. The change is signed by the key in use and stands in
the national log; agents follow it by themselves. The key before is not kept. Ended early, the next
start or the next attempt goes on with whichever key the log names.`

/** Lets a new log key take over. */
export const rotateLogKey: Command = {
  about: 'Let a new key sign receipts and checkpoints from now on.',
  details,
  run: async ({ environment, now, out }) => {
    const { dataDir } = readConfig(environment)
    const files = dataFiles(dataDir)
    const unlock = lockDirectory(files.lock)
    try {
      explained(files.database, () => requireOwnKey(dataDir))
      const store = sqliteStore(files.database)
      const { kid } = await changeLogKey(store, files.logKey, now())
      await store.close()
      out(`The log key is now ${kid}. Back up the data directory.\n`)
      return 0
    } finally {
      unlock()
    }
  },
}
