import { notEnrolled, readIdentity } from '../identity.ts'
import { sharedOptions } from '../program.ts'
import { openSpoolToRead } from '../spool-file.ts'
import { type Command, text } from './command.ts'
import { aboutTexts } from './texts/help.ts'
import { receiptsTexts } from './texts/looking.ts'

/** Hands out what an auditor compares the collector's log with. */
export const receipts: Command = {
  about: aboutTexts.receipts,
  options: { dir: sharedOptions.dir },
  details: receiptsTexts.details,
  run: async ({ out }, values) => {
    const dir = text(values, 'dir') ?? ''
    const spool = readIdentity(dir) && openSpoolToRead(dir)
    if (!spool) throw notEnrolled(dir)
    for (const receipt of spool.allReceipts()) out(`${receipt}\n`)
    spool.close()
    return 0
  },
}
