import { idPattern } from '../../protocol/schema.ts'
import { AppError } from '../error.ts'
import { ask } from './admin.ts'
import { type Command, needed } from './command.ts'
import { whyOption } from './why.ts'

/** What is answered to each of its switches; without one it asks. */
const switches = ['approve', 'refuse', 'withdraw'] as const

/** Lets a quarantined agent go on with a new key, which takes two accounts. */
export const release: Command = {
  about: 'Ask that a quarantined agent may go on with its new key, or decide about that.',
  operands: ['AGENT'],
  options: {
    code: { type: 'string', value: 'CODE', about: 'as `agent rejoin` printed it on the host' },
    approve: { type: 'boolean', about: 'approve what another account asked for' },
    refuse: { type: 'boolean', about: 'refuse what another account asked for' },
    withdraw: { type: 'boolean', about: 'take back what nobody decided; without --code' },
    why: whyOption,
  },
  details: `Ask the people of the host for the code: of two copies, only theirs is the right one.
Whoever asked cannot approve: a second account does, on the board or here.`,
  run: async (context, values, [agent = '']) => {
    if (!new RegExp(idPattern).test(agent)) {
      throw new AppError('configuration', 'AGENT is an id that `collector agents` lists.')
    }
    const given = switches.filter((each) => values[each] === true)
    if (given.length > 1) {
      throw new AppError('configuration', `Say only one of --${given.join(', --')}.`)
    }
    const [act] = given
    const base = `/api/v1/agents/${agent}/release`
    const code = act === 'withdraw' ? {} : { code: needed(values, 'code') }
    const asked = { ...code, why: needed(values, 'why') }
    await ask<object>(context, act ? `${base}/${act}` : base, asked)
    context.out(`${said[act ?? 'ask'](agent)}\n`)
    return 0
  },
}

const said = {
  ask: (agent: string) =>
    `Release of agent ${agent} is asked for: another account must approve it.`,
  approve: (agent: string) => `Agent ${agent} is active.`,
  refuse: (agent: string) => `Release of agent ${agent} is refused: it stays in quarantine.`,
  withdraw: (agent: string) => `Release of agent ${agent} is withdrawn.`,
}
