import { AgentError } from '../error.ts'
import { sharedOptions } from '../program.ts'
import { rotateKey } from '../rotation.ts'
import { type Command, text } from './command.ts'
import { withStoppedAgent } from './stopped-agent.ts'

/** Lets a new key take over, as the resident agent does by itself once a year. */
export const rotateKeyCommand: Command = {
  about: 'Make a new key, which takes over from the one in use.',
  options: { dir: sharedOptions.dir },
  details: 'Stop the agent first. The old key stays in use until the collector has confirmed.',
  run: (program, values) => {
    const dir = text(values, 'dir') ?? ''
    return withStoppedAgent(program, dir, async ({ keys, outbox, now }) => {
      if (outbox.quarantine) {
        throw new AgentError('failed', 'This agent is quarantined. First: agent rejoin')
      }
      if (!outbox.cursor) {
        throw new AgentError('failed', 'The spool was lost. First: agent run, until it delivers.')
      }
      const isPending = keys.state.rotation?.isPending ?? false
      if (!isPending) rotateKey(dir, outbox, now)
      program.out(
        `${isPending ? 'A new key waits already' : 'The new key is made and waits to be sent'}. ` +
          'It is in use when the agent has run and the collector has confirmed it.\n',
      )
      return 0
    })
  },
}
