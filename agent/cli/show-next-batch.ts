import type { KeptFold } from '../fold.ts'
import { notEnrolled, readIdentity } from '../identity.ts'
import { say } from '../language.ts'
import type { Cursor } from '../outbox.ts'
import { sharedOptions } from '../program.ts'
import { forgetSealed, seal } from '../seal.ts'
import type { Spool } from '../spool.ts'
import { openSpoolToRead } from '../spool-file.ts'
import { type Command, text } from './command.ts'
import { payloadOf } from './sent.ts'
import { aboutTexts } from './texts/help.ts'
import { nextBatchTexts } from './texts/looking.ts'

/** Shows exactly what leaves this host next. */
export const showNextBatch: Command = {
  about: aboutTexts.showNextBatch,
  options: { dir: sharedOptions.dir },
  details: nextBatchTexts.details,
  run: async ({ out, err, language }, values) => {
    const dir = text(values, 'dir') ?? ''
    const spool = readIdentity(dir) && openSpoolToRead(dir)
    if (!spool) throw notEnrolled(dir)
    const head = spool.head()
    const next = head ? payloadOf(head.jws) : preview(spool)
    spool.close()
    const { waiting, preview: shown, nothing } = nextBatchTexts
    err(`${say(head ? waiting : next ? shown : nothing, language)}\n`)
    if (next) out(`${JSON.stringify(next, null, 2)}\n`)
    return 0
  },
}

function preview(spool: Spool): unknown {
  const kept = spool.state('fold') as KeptFold | null // written by the watch
  const cursor = spool.state('cursor') as Cursor | null // written by the outbox
  if (!kept) return null
  const fold = cursor?.afterLoss ? forgetSealed(kept.fold) : kept.fold
  return seal(fold, kept.at, false).bodies[0] ?? null
}
