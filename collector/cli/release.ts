import { type Command, needed } from './command.ts'
import { decide, whyOption } from './why.ts'

/** Lets a quarantined agent go on with a new key. */
export const release: Command = {
  about: 'Let a quarantined agent go on with its new key; the old key is locked out.',
  operands: ['AGENT'],
  options: {
    code: { type: 'string', value: 'CODE', about: 'as `agent rejoin` printed it on the host' },
    why: whyOption,
  },
  details: 'Ask the people of the host for the code: of two copies, only theirs is the right one.',
  run: (context, values, [agent = '']) =>
    decide(context, 'release', agent, values, { code: needed(values, 'code') }),
}
