import { idPattern } from '../../protocol/schema.ts'
import { AppError } from '../error.ts'
import { ask } from './admin.ts'
import { type Context, needed, type Option, type Values } from './command.ts'

/** Every act has a reason, which stands in the log. */
export const whyOption: Option = {
  type: 'string',
  value: 'REASON',
  about: 'why, 3 to 300 characters; stands in the log; for every change',
}

/** Has something decided about an agent and says how it stands now. Throws AppError. */
export async function decide(
  context: Context,
  act: 'approve' | 'revoke',
  agent: string,
  values: Values,
): Promise<number> {
  if (!new RegExp(idPattern).test(agent)) {
    throw new AppError('configuration', 'AGENT is an id that `collector agents` lists.')
  }
  const asked = { why: needed(values, 'why') }
  const answer = await ask<{ status: string }>(context, `/api/v1/agents/${agent}/${act}`, asked)
  context.out(`Agent ${agent} is ${answer.status}.\n`)
  return 0
}
