import { notEnrolled, readIdentity } from '../identity.ts'
import { sharedOptions } from '../program.ts'
import { openSpoolToRead } from '../spool-file.ts'
import { type Command, text } from './command.ts'

/** Hands out what an auditor compares the collector's log with. */
export const receipts: Command = {
  about: 'Print every receipt kept here, one a line, the oldest first.',
  options: { dir: sharedOptions.dir },
  details:
    'An auditor gives the file to: collector verify FILE --receipts RECEIPTS\n' +
    'Receipts hold the checkpoints too. Nothing in them is secret.',
  run: async ({ out }, values) => {
    const dir = text(values, 'dir') ?? ''
    const spool = readIdentity(dir) && openSpoolToRead(dir)
    if (!spool) throw notEnrolled(dir)
    for (const receipt of spool.allReceipts()) out(`${receipt}\n`)
    spool.close()
    return 0
  },
}
