import type { Account } from '../people/accounts.ts'
import { actDifference } from '../people/act-difference.ts'
import { may } from '../people/permissions.ts'
import type { RegisterAct, RegisterRecord } from '../people/register-record.ts'
import { registerHistory } from '../register/history.ts'
import { parseSubject } from '../register/subject.ts'
import {
  type HistoryView,
  policyPage,
  registerPage,
  type ShownSetting,
} from '../web/pages/register.ts'
import { everyone } from './access.ts'
import type { BoardPart, Query } from './page-route.ts'

/** The pages of the register and of the policy. */
export const registerPath = '/register'
export const policyPath = '/policy'

/** Acts on one page. */
const actsShownMax = 50

/** The register and the policy as they are, with every change: who, when, why, and its leaf. */
export function registerPart(record: Pick<RegisterRecord, 'acts'>): BoardPart {
  return {
    access: { [registerPath]: everyone, [policyPath]: everyone },
    pages: {
      [registerPath]: async (frame, snapshot, _sources, _place, query) => {
        const own = (await record.acts()).filter((act) => isOfRegister(frame.account, act))
        return registerPage(frame, snapshot, historyView(own, query))
      },
      [policyPath]: async (frame, snapshot, _sources, _place, query) => {
        const own = (await record.acts()).filter(({ entry }) => settingOf(entry.what) !== null)
        const settings = settingsOf(own, frame.now)
        return policyPage(frame, snapshot, { settings, ...historyView(own, query) })
      },
    },
  }
}

/** An institution is told of its own rows only. */
function isOfRegister(account: Account, { entry }: RegisterAct): boolean {
  const subject = parseSubject(entry.what)
  if (!subject || subject.about === 'setting') return false
  return may(account, 'read', subject.institution)
}

function settingOf(what: string): string | null {
  const subject = parseSubject(what)
  return subject?.about === 'setting' ? subject.name : null
}

function historyView(acts: readonly RegisterAct[], query: Query): HistoryView {
  const { before } = query
  const isPlace = typeof before === 'string' && /^\d{1,15}$/.test(before)
  const from = isPlace ? acts.filter(({ position }) => position < Number(before)) : acts
  const shown = from.slice(0, actsShownMax)
  return {
    acts: shown.map((act) => ({
      ...act,
      difference: actDifference(act.entry.before, act.entry.after),
    })),
    all: acts.length,
    isFirst: !isPlace,
    next: from.length > shown.length ? (shown.at(-1)?.position ?? null) : null,
  }
}

/** Each setting as it is in force, and what is planned, with the act behind each. */
function settingsOf(newestFirst: readonly RegisterAct[], now: number): ShownSetting[] {
  const acts = newestFirst.toReversed()
  const history = registerHistory(acts.map(({ entry }) => entry))
  return [...history].map(([what, versions]) => {
    const told = versions.map(({ from, value }) => {
      const act = newestFirst.find(
        ({ entry }) => entry.what === what && entry.effectiveFrom === from,
      )
      return { from, value, act: act ?? null }
    })
    return {
      name: settingOf(what) ?? what,
      now: told.findLast(({ from }) => from <= now) ?? null,
      planned: told.filter(({ from }) => from > now),
    }
  })
}
