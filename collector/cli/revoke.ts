import type { Command } from './command.ts'
import { decide, whyOption } from './why.ts'

/** Shuts an agent out. */
export const revoke: Command = {
  about: 'Shut an agent out for good; its name may then be enrolled again.',
  operands: ['AGENT'],
  options: { why: whyOption },
  run: (context, values, [agent = '']) => decide(context, 'revoke', agent, values),
}
