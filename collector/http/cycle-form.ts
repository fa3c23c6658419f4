import { AppError } from '../error.ts'
import type { FigureDifference } from '../kpi/cycle-figures.ts'
import type { Account } from '../people/accounts.ts'
import { type Cycles, type ListedCycle, proposesCycles } from '../people/cycles.ts'
import { may } from '../people/permissions.ts'
import { isSecondPerson } from '../people/two-person.ts'
import type { CyclesView, RefusedCycleForm, ShownCycle } from '../web/pages/cycles.ts'
import { type CycleRefusalRule, cycleRefusalTexts } from '../web/texts/cycles.ts'
import { isWhy } from './managers.ts'

/** Cycles on the page; the API lists the rest. */
const cyclesShownMax = 10

const fieldNames = ['act', 'cycle', 'revision', 'why'] as const

/** What an account is shown of the cycles. */
export async function cyclesView(
  cycles: Cycles,
  account: Account,
  refused: RefusedCycleForm | null,
): Promise<CyclesView> {
  const shown: ShownCycle[] = []
  for (const cycle of (await cycles.list()).slice(0, cyclesShownMax)) {
    const revised: ShownCycle['revised'][number][] = []
    for (const act of cycle.revisions) revised.push(await changesOf(cycles, account, cycle, act))
    shown.push({ ...cycle, revised, late: await cycles.changes(account, cycle.id) })
  }
  return {
    cycles: shown,
    mayPropose: proposesCycles(account),
    mayDecide: (by) => may(account, 'cycles.decide') && isSecondPerson(account, by),
    mayRead: may(account, 'read.all'),
    refused,
  }
}

async function changesOf(
  cycles: Cycles,
  account: Account,
  { id }: ListedCycle,
  { revision }: ListedCycle['revisions'][number],
): Promise<readonly FigureDifference[] | null> {
  try {
    return visibleChanges(account, (await cycles.revision(id, revision)).changes)
  } catch (error) {
    if (error instanceof AppError && error.detail.rule === 'frozen_damaged') return null
    throw error
  }
}

/** An institution is told of the nation and of its own. */
export function visibleChanges<D extends { readonly figure: string }>(
  account: Account,
  changes: readonly D[],
): D[] {
  if (may(account, 'read.all')) return [...changes]
  const own = `institution/${account.institution}`
  return changes.filter(({ figure }) => {
    return figure === 'nation' || `${figure}/`.startsWith(`${own}/`)
  })
}

/**
 * Does what a form of the page asks for. Resolves to null when it is done, else to why it was
 * refused. Throws what is no refusal.
 */
export async function submitCycle(
  cycles: Cycles,
  account: Account,
  form: URLSearchParams,
): Promise<RefusedCycleForm | null> {
  const fields = new Map(fieldNames.map((name) => [name as string, (form.get(name) ?? '').trim()]))
  const text = (name: (typeof fieldNames)[number]) => fields.get(name) ?? ''
  const [cycle, revision, why] = [text('cycle'), Number(text('revision')), text('why')]
  try {
    if (!isWhy(why)) throw refusal('why')
    switch (text('act')) {
      case 'propose':
        await cycles.propose(account, cycle, revision, why)
        break
      case 'approve':
        await cycles.decide(account, cycle, revision, 'approved', why)
        break
      case 'refuse':
        await cycles.decide(account, cycle, revision, 'refused', why)
        break
      case 'confirm':
        await cycles.confirmPublish(account, why)
        break
      default:
        throw refusal('other')
    }
    return null
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unavailable') throw error
    const rule = String(error.detail.rule)
    const isKnown = Object.hasOwn(cycleRefusalTexts, rule)
    return { rule: isKnown ? (rule as CycleRefusalRule) : 'other', fields }
  }
}

function refusal(rule: CycleRefusalRule): AppError {
  return new AppError('invalid', 'The form is not filled in as it must be.', { detail: { rule } })
}
