import { readFileSync } from 'node:fs'
import { AppError } from '../error.ts'
import type { ListedPolicyChange } from '../people/policy.ts'
import { readPolicy } from '../register/policy.ts'
import type { SettingChange } from '../register/policy-changes.ts'
import { ask } from './admin.ts'
import { type Command, type Context, needed, text, type Values } from './command.ts'
import { runAct, timeOf } from './operands.ts'
import { instant, tableOf } from './table.ts'
import { whyOption } from './why.ts'

const heads = ['ID', 'STATE', 'FROM', 'PROPOSED BY', 'AT', 'DECIDED BY', 'SETTINGS', 'REASON']
const base = '/api/v1/policy'

/** What the command does, by its operand. */
const acts: Parameters<typeof runAct>[0] = {
  list: async (context) => {
    type Answer = { proposals: readonly ListedPolicyChange[] }
    const { proposals } = await ask<Answer>(context, `${base}/proposals`)
    return tableOf(heads, proposals.map(rowOf))
  },
  diff: async (context, _values, operands) => {
    const asked = { text: checkedText(context, operands) }
    const { changes } = await ask<{ changes: SettingChange[] }>(
      context,
      `${base}/difference`,
      asked,
    )
    return changes.length === 0 ? 'No difference.\n' : changes.map(shown).join('')
  },
  propose: async (context, values, operands) => {
    const from = text(values, 'from') === undefined ? {} : { effectiveFrom: timeOf(values, 'from') }
    const why = needed(values, 'why')
    const asked = { text: checkedText(context, operands), why, ...from }
    const { id } = await ask<ListedPolicyChange>(context, `${base}/proposals`, asked)
    return `Policy change ${id} waits for another account.\n`
  },
  show: async (context, _values, [id]) => {
    type Answer = { proposals: readonly ListedPolicyChange[] }
    const { proposals } = await ask<Answer>(context, `${base}/proposals`)
    const found = proposals.find((each) => each.id === id)
    if (!found) throw new AppError('not_found', 'There is no such proposal.')
    return found.changes.map(shown).join('')
  },
  approve: (context, values, operands) => decided(context, values, operands, 'approve'),
  refuse: (context, values, operands) => decided(context, values, operands, 'refuse'),
  withdraw: (context, values, operands) => decided(context, values, operands, 'withdraw'),
}

/** Changes of the policy in force, as the local administrator. */
export const policy: Command = {
  about: 'List, compare, propose, approve, refuse or withdraw changes of the policy.',
  operands: ['ACT', '[FILE or ID]'],
  details: `ACT is ${Object.keys(acts).join(', ')}.
diff and propose read a whole policy.yaml; show, approve, refuse and withdraw are about an ID as
list names it. Whoever proposed a change cannot approve it; one of the file that the collector
started with anybody decides who may.`,
  options: {
    from: { type: 'string', value: 'TIME', about: 'with propose: from when it shall hold' },
    why: whyOption,
  },
  run: runAct(acts),
}

async function decided(
  context: Context,
  values: Values,
  [id]: readonly string[],
  act: 'approve' | 'refuse' | 'withdraw',
): Promise<string> {
  if (id === undefined || !/^p-[0-9a-f]{12}$/.test(id)) {
    throw new AppError('configuration', 'ID must be such as p-0123456789ab: collector policy list.')
  }
  const asked = { why: needed(values, 'why') }
  const path = `${base}/proposals/${id}/${act}`
  const { state, effectiveFrom } = await ask<ListedPolicyChange>(context, path, asked)
  const from = act === 'approve' ? `; it holds from ${instant(effectiveFrom)} or now, if later` : ''
  return `Policy change ${id} is ${state}${from}.\n`
}

/** The text of the file, after it was checked here: problems then bear the file's own name. */
function checkedText({ now }: Context, [file]: readonly string[]): string {
  if (file === undefined) throw new AppError('configuration', 'Say which FILE.')
  const content = textOf(file)
  readPolicy(content, file, now())
  return content
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AppError('configuration', `Cannot read ${file}.`, { cause })
  }
}

function rowOf(each: ListedPolicyChange): string[] {
  const { id, state, effectiveFrom, requestedBy, requestedAt, decision, changes, why } = each
  const names = changes.map(({ name }) => name).join(' ')
  const when = [instant(effectiveFrom), requestedBy, instant(requestedAt)]
  return [id, state, ...when, decision?.by ?? '-', names, why]
}

function shown({ name, before, after }: SettingChange): string {
  return `${name}\n  - ${JSON.stringify(before)}\n  + ${JSON.stringify(after)}\n`
}
