import type { Command } from './command.ts'
import { decide, whyOption } from './why.ts'

/** Lets a pending agent in. */
export const approve: Command = {
  about: 'Let an agent in that waits for approval.',
  operands: ['AGENT'],
  options: { why: whyOption },
  run: (context, values, [agent = '']) => decide(context, 'approve', agent, values),
}
