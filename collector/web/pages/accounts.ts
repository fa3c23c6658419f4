import type { EpochMs } from '../../../protocol/time.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import type { Role } from '../../people/accounts.ts'
import { duration, name, number, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { isRefused, type RefusedForm, typed, whyField } from '../parts/acts.ts'
import { chip } from '../parts/chip.ts'
import { answerId, fieldsOf, refusalBox } from '../parts/refusal.ts'
import { facts } from '../parts/titled.ts'
import { paths } from '../paths.ts'
import {
  type AccountRefusal,
  accountRefusalTexts,
  accountsTexts,
  accountTexts,
} from '../texts/accounts.ts'
import { roleTexts } from '../texts/maintenance.ts'
import { shellTexts } from '../texts/shell.ts'
import { isolatedId } from './login.ts'

/** An account as admins see it. */
export type ShownAccount = {
  readonly id: string
  readonly role: Role
  readonly institution: string | null
  readonly madeAt: EpochMs
  readonly endedAt: EpochMs | null
  readonly hasPassword: boolean
  readonly hasSecondFactor: boolean
  readonly isExternal: boolean
  /** Until when a link waits to be used; null without one. */
  readonly linkExpiresAt: EpochMs | null
}

/** What an admin sees of all accounts. */
export type AccountsView = {
  readonly accounts: readonly ShownAccount[]
  readonly refused: RefusedForm<string> | null
  /** A link that was just made, and for whom. */
  readonly link: { readonly account: string; readonly url: string } | null
  /** How long a link works. Unit: milliseconds. */
  readonly linkLifeMs: number
}

type Page = { readonly frame: Frame; readonly snapshot: Snapshot; readonly view: AccountsView }

/** All accounts: who may what, how they sign in, and the forms that change it. */
export function accountsPage(frame: Frame, snapshot: Snapshot, view: AccountsView): string {
  const { language } = frame
  const page = { frame, snapshot, view }
  const living = view.accounts.filter(({ endedAt }) => endedAt === null)
  const ended = view.accounts.filter(({ endedAt }) => endedAt !== null)
  const items = [...living, ...ended].map((each) => item(page, each))
  const main = html`<h1>${say(language, accountsTexts.title)}</h1>
<p class="note">${say(language, accountsTexts.how)}</p>
${problem(page)}${shownLink(page)}${suggestions(page)}
<section class="card" aria-labelledby="make">
<h2 id="make">${say(language, accountsTexts.make)}</h2>${makeForm(page)}</section>
<section class="card" aria-labelledby="accounts">
<h2 id="accounts">${say(language, accountsTexts.title)}
<span class="count">${number(language, living.length)}</span></h2>
${
  items.length === 0
    ? html`<p class="calm">${say(language, accountsTexts.none)}</p>`
    : html`<ul class="planned">${items}</ul>`
}</section>`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: accountsTexts.title[language], trail, snapshot, main })
}

function problem({ frame: { language }, view: { refused } }: Page): Content {
  if (!refused) return null
  const text = accountRefusalTexts[refused.rule as AccountRefusal] ?? accountRefusalTexts.other
  return refusalBox([{ words: say(language, text), fields: fieldsOf(refused) }])
}

function shownLink({ frame: { language }, view }: Page): Content {
  if (!view.link) return null
  const { account, url } = view.link
  const time = duration(language, view.linkLifeMs)
  const words = say(language, accountsTexts.linkOnce, { account: isolatedId(account), time })
  return html`<section class="card once" id="${answerId}" role="alert" tabindex="-1"><p>${words}</p>
<p><code class="hash"><bdi dir="ltr">${url}</bdi></code></p></section>`
}

function item(page: Page, account: ShownAccount): Html {
  const { frame } = page
  const { language } = frame
  const { id, endedAt } = account
  const state =
    endedAt === null
      ? chip('good', 'check', say(language, accountsTexts.active))
      : chip('unsure', 'minus', say(language, accountsTexts.endedAt, { time: at(page, endedAt) }))
  return html`<li id="account-${id}"><div class="planned-head"><h3>${isolatedId(id)}</h3>${state}
</div>
${facts([
  [say(language, accountTexts.role), say(language, roleTexts[account.role])],
  [say(language, accountTexts.institution), institutionName(page, account.institution)],
  [say(language, accountTexts.madeAt), at(page, account.madeAt)],
  [say(language, accountsTexts.waysIn), endedAt === null ? waysIn(page, account) : null],
])}
${endedAt === null && id !== frame.account?.id && manageForms(page, account)}</li>`
}

function at({ frame }: Page, when: EpochMs): Html {
  return time(frame, when, 'minuteOfYear')
}

function institutionName({ frame, snapshot }: Page, id: string | null): Content {
  if (id === null) return null
  const row = snapshot.institutions.find((each) => each.id === id)
  return row ? name(frame.language, row.name) : isolatedId(id)
}

function waysIn(page: Page, account: ShownAccount): Content {
  const { language, now } = page.frame
  const { linkExpiresAt: until } = account
  const ways = [
    account.hasPassword && say(language, accountsTexts.hasPassword),
    account.hasSecondFactor && say(language, accountsTexts.hasSecondFactor),
    account.isExternal && say(language, accountsTexts.hasExternal),
    until !== null &&
      until > now &&
      say(language, accountsTexts.invited, { time: at(page, until) }),
  ].filter((way) => way !== false)
  if (ways.length === 0) return say(language, accountsTexts.noWayIn)
  const comma = language === 'ar' ? '، ' : ', '
  return ways.map((way, i) => html`${i > 0 && comma}${way}`)
}

function manageForms(page: Page, account: ShownAccount): Html {
  const { frame, view } = page
  const { language } = frame
  const { id } = account
  const open = isRefused(view.refused, id, ['link', 'change', 'end'])
  const sent = (field: string) => typed(view.refused, open, field)
  const role = sent('role') || account.role
  const institution = open ? sent('institution') : (account.institution ?? '')
  return html`<details id="manage-${id}"${open && html` open`}>
<summary aria-label="${sayPlainly(language, accountsTexts.manage)} ${id}">${say(
    language,
    accountsTexts.manage,
  )}</summary>
<form class="act" method="post" action="#answer">
<input type="hidden" name="id" value="${id}">
${roleField(page, `role-${id}`, role)}
${institutionField(page, `institution-${id}`, institution)}
${whyField(language, `why-${id}`, sent('why'), accountsTexts.why)}
<p class="note">${say(language, accountsTexts.newLinkHow)}</p>
<p class="note">${say(language, accountsTexts.endHow)}</p>
<p>${button(language, 'change', accountsTexts.changeRole)}
${button(language, 'link', accountsTexts.newLink)}
${button(language, 'end', accountsTexts.endAccount)}</p></form></details>`
}

function button(language: Language, act: string, text: { ar: string; en: string }): Html {
  return html`<button name="act" value="${act}">${text[language]}</button>`
}

function makeForm(page: Page): Html {
  const { frame, view } = page
  const { language } = frame
  const open = view.refused?.fields.get('act') === 'make'
  const sent = (field: string) => typed(view.refused, open, field)
  return html`<details${open && html` open`}>
<summary>${say(language, accountsTexts.make)}</summary>
<form class="act" method="post" action="#answer">
<p class="note">${say(language, accountsTexts.makeHow)}</p>
<p><label for="new-id">${say(language, accountTexts.id)}</label>
<input id="new-id" name="id" dir="ltr" required maxlength="63" autocomplete="off"
autocapitalize="none" spellcheck="false" pattern="[a-z0-9][a-z0-9\\-]*" value="${sent('id')}"></p>
${roleField(page, 'new-role', sent('role') || 'institution')}
${institutionField(page, 'new-institution', sent('institution'))}
<p><label for="new-external">${say(language, accountsTexts.external)}</label>
<input id="new-external" name="external" dir="ltr" maxlength="300" autocomplete="off"
spellcheck="false" value="${sent('external')}"></p>
${whyField(language, 'new-why', sent('why'), accountsTexts.why)}
<p><button name="act" value="make" class="main">${say(language, accountsTexts.make)}</button></p>
</form></details>`
}

function roleField({ frame: { language } }: Page, id: string, chosen: string): Html {
  const options = Object.entries(roleTexts).map(
    ([role, text]) =>
      html`<option value="${role}"${role === chosen && html` selected`}>${text[language]}</option>`,
  )
  return html`<p><label for="${id}">${say(language, accountTexts.role)}</label>
<select id="${id}" name="role" required>${options}</select></p>`
}

function institutionField({ frame: { language } }: Page, id: string, chosen: string): Html {
  return html`<p><label for="${id}">${say(language, accountsTexts.institutionField)}</label>
<input id="${id}" name="institution" dir="ltr" list="institutions" maxlength="63"
autocomplete="off" autocapitalize="none" spellcheck="false" value="${chosen}"></p>`
}

/** What the fields for an institution suggest: its id, beside its name. */
function suggestions({ frame: { language }, snapshot }: Page): Html {
  const options = snapshot.institutions.map(
    (row) => html`<option value="${row.id}">${row.name[language]}</option>`,
  )
  return html`<datalist id="institutions">${options}</datalist>`
}
