import { AgentError } from '../error.ts'
import { said, say } from '../language.ts'
import { sharedOptions } from '../program.ts'
import { rotateKey } from '../rotation.ts'
import { type Command, text } from './command.ts'
import { withStoppedAgent } from './stopped-agent.ts'
import { aboutTexts } from './texts/help.ts'
import { rotateTexts } from './texts/joining.ts'

/** Lets a new key take over, as the resident agent does by itself once a year. */
export const rotateKeyCommand: Command = {
  about: aboutTexts.rotateKey,
  options: { dir: sharedOptions.dir },
  details: rotateTexts.details,
  run: (program, values) => {
    const dir = text(values, 'dir') ?? ''
    return withStoppedAgent(program, dir, async ({ keys, outbox, now }) => {
      if (outbox.quarantine) {
        throw new AgentError('failed', said(rotateTexts.quarantined))
      }
      if (!outbox.cursor) {
        throw new AgentError('failed', said(rotateTexts.spoolLost))
      }
      const isPending = keys.state.rotation?.isPending ?? false
      if (!isPending) rotateKey(dir, outbox, now)
      const outcome = isPending ? rotateTexts.waitsAlready : rotateTexts.made
      program.out(`${say(outcome, program.language)}\n`)
      return 0
    })
  },
}
