import type { Role } from '../../people/accounts.ts'
import { number } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, sayPlainly, type Text } from '../language.ts'
import { accountsTexts } from '../texts/accounts.ts'
import { cyclePageTexts } from '../texts/cycles.ts'
import { declarationTexts } from '../texts/declarations.ts'
import { exportTexts } from '../texts/exports.ts'
import { homeTexts } from '../texts/home.ts'
import { inboxTexts } from '../texts/inbox.ts'
import { logTexts } from '../texts/log.ts'
import { migrationTexts } from '../texts/migration.ts'
import { navigationTexts } from '../texts/navigation.ts'
import { placeTexts } from '../texts/places.ts'
import { shellTexts } from '../texts/shell.ts'

/** A page that stands in the bar at the top of all others. */
export type NavigationItem = {
  /** Behind the language; `:institution` is the account's own. */
  readonly path: string
  readonly text: Text
  readonly roles: 'all' | readonly Role[]
  /** Shows beside its name how much waits for the account. */
  readonly counts?: 'waiting'
}

/** The bar, in its order: a page that people look for often adds its line. */
export const navigation: readonly NavigationItem[] = [
  { path: '/home', text: homeTexts.title, roles: 'all' },
  { path: '', text: shellTexts.nation, roles: 'all' },
  { path: '/inbox', text: inboxTexts.title, roles: 'all', counts: 'waiting' },
  { path: '/institutions/:institution', text: navigationTexts.own, roles: ['institution'] },
  {
    ...{ path: '/institutions/:institution/agents', roles: ['institution'] },
    text: placeTexts.agents,
  },
  { path: '/readiness', text: navigationTexts.readiness, roles: 'all' },
  { path: '/migration', text: migrationTexts.title, roles: 'all' },
  {
    ...{ path: '/institutions/:institution/declarations', roles: ['institution'] },
    text: declarationTexts.title,
  },
  {
    ...{ path: '/declarations', roles: ['admin', 'ministry', 'evaluator'] },
    text: declarationTexts.queue,
  },
  { path: '/cycles', text: cyclePageTexts.title, roles: 'all' },
  { path: '/log', text: logTexts.title, roles: 'all' },
  { path: '/register', text: navigationTexts.register, roles: 'all' },
  { path: '/policy', text: navigationTexts.policy, roles: 'all' },
  { path: '/exports', text: exportTexts.short, roles: 'all' },
  { path: '/programme', text: navigationTexts.programme, roles: 'all' },
  { path: '/accounts', text: accountsTexts.title, roles: ['admin'] },
]

/** The bar for whoever is signed in; nothing for nobody. */
export function navigationBar(frame: Frame): Content {
  const { language, account } = frame
  if (!account) return null
  const own = navigation.filter(({ roles }) => roles === 'all' || roles.includes(account.role))
  const items = own.map((item) => {
    const path = item.path.replace(':institution', () => account.institution ?? '')
    const isCurrent = path === frame.path
    return html`<li><a href="/${language}${path}"${isCurrent && html` aria-current="page"`}>${say(
      language,
      item.text,
    )}${item.counts && waitingCount(language, frame.waiting ?? 0)}</a></li>`
  })
  const label = sayPlainly(language, navigationTexts.bar)
  return html`<nav class="pages" aria-label="${label}"><ul>${items}</ul></nav>`
}

function waitingCount(language: Language, waiting: number): Html | null {
  return waiting > 0 ? html` <span class="count">${number(language, waiting)}</span>` : null
}
