import { openSpool } from '../../agent/spool-file.ts'
import { livenessAt } from '../../collector/evidence/leaf.ts'
import { sqliteStore } from '../../collector/store/sqlite/sqlite.ts'

/**
 * A program: commits so many times, one by one, with the real store or the real spool; `kept` is
 * what the spool keeps without waiting for the disk, `spool` each commit behind something kept.
 */

const [kind, path, count] = process.argv.slice(2)

if (kind === 'store') {
  const store = sqliteStore(path!)
  for (let at = 0; at < Number(count); at++) {
    await store.appendLiveness(livenessAt(at))
  }
  await store.close()
} else {
  const spool = openSpool(path!, 0)
  for (let at = 0; at < Number(count); at++) {
    spool.keep({ fold: { at } })
    if (kind === 'spool') spool.commit({ states: { delivery: { at } } })
  }
  spool.close()
}
