import { AppError } from '../error.ts'
import { ask } from './admin.ts'
import { type Command, needed } from './command.ts'
import { whyOption } from './why.ts'

/** Ends a token before its time. */
export const endToken: Command = {
  about: 'End an enrolment token before its time.',
  operands: ['TOKEN'],
  options: { why: whyOption },
  run: async (context, values, [id = '']) => {
    if (!/^[0-9a-f]{12}$/.test(id)) {
      throw new AppError('configuration', 'TOKEN is what `collector tokens` lists it as.')
    }
    const why = needed(values, 'why')
    await ask(context, `/api/v1/tokens/${id}/end`, { why })
    context.out(`Token ${id} has ended.\n`)
    return 0
  },
}
