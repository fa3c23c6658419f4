import type { EpochMs } from '../../../protocol/time.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import type { Account } from '../../people/accounts.ts'
import { number, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { type RefusedForm, typed } from '../parts/acts.ts'
import { answerId, fieldsOf, refusalBox } from '../parts/refusal.ts'
import { table } from '../parts/table.ts'
import { facts } from '../parts/titled.ts'
import { paths } from '../paths.ts'
import {
  type AccountRefusal,
  accountRefusalTexts,
  accountTexts,
  scopeTexts,
} from '../texts/accounts.ts'
import { roleTexts } from '../texts/maintenance.ts'
import { shellTexts } from '../texts/shell.ts'
import { type PasswordRefusal, passwordRefusalTexts, signInTexts } from '../texts/sign-in.ts'
import { newPasswordFields, type PasswordLength, passwordRefusal } from './invite.ts'
import { digitsField, isolatedId, passwordField, setUpSquare, type TotpSetUp } from './login.ts'

/** A session of the account. */
export type ShownSession = {
  /** Names it in a form; no secret. */
  readonly id: string
  readonly openedAt: EpochMs
  readonly usedAt: EpochMs
  readonly isThis: boolean
}

/** A token of the account. */
export type ShownToken = {
  readonly id: string
  readonly label: string
  readonly scope: keyof typeof scopeTexts
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs
  readonly endedAt: EpochMs | null
  readonly lastUsedAt: EpochMs | null
}

/** What somebody sees of their own account. */
export type OwnAccountView = {
  /** Whether it is in the book of accounts: sessions made on the machine itself may not be. */
  readonly isListed: boolean
  readonly hasPassword: boolean
  readonly hasSecondFactor: boolean
  /** Whether its role signs in with one: then it is replaced, never removed. */
  readonly needsSecondFactor: boolean
  readonly length: PasswordLength
  readonly sessions: readonly ShownSession[]
  /** Newest first. */
  readonly tokens: readonly ShownToken[]
  readonly refused: RefusedForm<string> | null
  /** A second factor that waits for its first number. */
  readonly setUp: (TotpSetUp & { readonly ticket: string }) | null
  /** A token that was just made. */
  readonly token: string | null
}

/** Days a token is good for, at most. */
export const tokenDaysMax = 365

type Page = { readonly frame: Frame & { account: Account }; readonly view: OwnAccountView }

/** One's own account: password, second factor, sessions, and tokens of programs. */
export function accountPage(
  frame: Frame & { account: Account },
  snapshot: Snapshot | null,
  view: OwnAccountView,
): string {
  const { language, account } = frame
  const page = { frame, view }
  const main = html`<h1>${say(language, accountTexts.own)}</h1>
${facts([
  [say(language, accountTexts.id), isolatedId(account.id)],
  [say(language, accountTexts.role), say(language, roleTexts[account.role])],
  [
    say(language, accountTexts.institution),
    account.institution ? isolatedId(account.institution) : null,
  ],
])}
${problem(page)}
${view.isListed ? passwordCard(page) : notListed(language)}
${view.hasPassword && secondFactorCard(page)}
${sessionsCard(page)}
${view.isListed && tokensCard(page, view.tokens)}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: accountTexts.own[language], trail, snapshot, main })
}

function problem({ frame: { language }, view: { refused, length } }: Page): Content {
  if (!refused) return null
  const { rule } = refused
  const text = accountRefusalTexts[rule as AccountRefusal] ?? accountRefusalTexts.other
  const words = Object.hasOwn(passwordRefusalTexts, rule)
    ? passwordRefusal(language, length, rule as PasswordRefusal)
    : say(language, text)
  return refusalBox([{ words, fields: fieldsOf(refused) }])
}

function notListed(language: Language): Html {
  return html`<p class="note" id="not-listed">${say(language, accountTexts.notListed)}</p>`
}

function isOpen({ view: { refused } }: Page, act: string): boolean {
  return refused?.fields.get('act') === act
}

function passwordCard(page: Page): Html {
  const { frame, view } = page
  const { language } = frame
  const title = html`<h2 id="password-of">${say(language, accountTexts.password)}</h2>`
  if (!view.hasPassword) {
    return html`<section class="card" aria-labelledby="password-of">${title}
<p>${say(language, accountTexts.noPassword)}</p></section>`
  }
  return html`<section class="card" aria-labelledby="password-of">${title}
<p>${say(language, accountTexts.passwordHow)}</p>
<details id="change-password"${isOpen(page, 'password') && html` open`}>
<summary>${say(language, accountTexts.changePassword)}</summary>
<form class="login" method="post" action="#answer">
<input type="hidden" name="account" value="${frame.account.id}" autocomplete="username">
${passwordField(language, 'current', accountTexts.currentPassword, 'current-password')}
${newPasswordFields(language, view.length, null)}
<button name="act" value="password">${say(language, signInTexts.savePassword)}</button>
</form></details></section>`
}

function secondFactorCard(page: Page): Html {
  const { frame, view } = page
  const { language } = frame
  const { hasSecondFactor, setUp } = view
  const state = hasSecondFactor ? accountTexts.secondFactorOn : accountTexts.secondFactorOff
  const summary = hasSecondFactor ? accountTexts.setUpAnew : accountTexts.setUp
  const ask = html`<details${isOpen(page, 'set-up') && html` open`}>
<summary>${say(language, summary)}</summary>
<form class="login" method="post" action="#answer">
<label for="confirming">${say(language, accountTexts.currentPassword)}</label>
<input id="confirming" name="current" type="password" dir="ltr" required maxlength="128"
autocomplete="current-password">
<button name="act" value="set-up">${say(language, accountTexts.show)}</button></form></details>`
  const remove = html`<details${isOpen(page, 'remove-second-factor') && html` open`}>
<summary>${say(language, accountTexts.remove)}</summary>
<p>${say(language, accountTexts.removeHow)}</p>
<form class="login" method="post" action="#answer">
<label for="removing">${say(language, accountTexts.currentPassword)}</label>
<input id="removing" name="current" type="password" dir="ltr" required maxlength="128"
autocomplete="current-password">
<button name="act" value="remove-second-factor">${say(language, accountTexts.remove)}</button>
</form></details>`
  const square =
    setUp &&
    html`<div id="${answerId}" role="alert" tabindex="-1">${setUpSquare(language, setUp)}</div>
<form class="login" method="post" action="#answer">
<input type="hidden" name="step" value="${setUp.ticket}">
${digitsField(language)}
<button name="act" value="confirm">${say(language, signInTexts.confirm)}</button></form>`
  return html`<section class="card" aria-labelledby="second-factor">
<h2 id="second-factor">${say(language, signInTexts.secondFactor)}</h2>
<p>${say(language, state)}</p>
${square ?? ask}
${!square && hasSecondFactor && !view.needsSecondFactor && remove}</section>`
}

function sessionsCard({ frame, view: { sessions } }: Page): Html {
  const { language } = frame
  const end = (id: string, name: string) => html`<form class="plain" method="post" action="#answer">
<input type="hidden" name="session" value="${id}">
<button name="act" value="end-session"
aria-label="${sayPlainly(language, accountTexts.end)} ${name}">${say(language, accountTexts.end)}
</button></form>`
  const rows = sessions.map(({ id, openedAt, usedAt, isThis }) => [
    say(language, isThis ? accountTexts.thisOne : accountTexts.another),
    time(frame, openedAt, 'minuteOfYear'),
    time(frame, usedAt, 'minuteOfYear'),
    isThis ? null : end(id, sayPlainly(language, accountTexts.another)),
  ])
  const columns = [
    { head: say(language, accountTexts.session) },
    { head: say(language, accountTexts.opened) },
    { head: say(language, accountTexts.used) },
    { head: say(language, accountTexts.act) },
  ]
  const endAll = say(language, accountTexts.endAll)
  const everywhere = html`<form class="plain" method="post" action="#answer">
<button name="act" value="end-sessions">${endAll}</button></form>`
  return html`<section class="card" aria-labelledby="sessions">
<h2 id="sessions">${say(language, accountTexts.sessions)}
<span class="count">${number(language, sessions.length)}</span></h2>
<p class="note">${say(language, accountTexts.sessionsHow)}</p>
${table({ labelledBy: 'sessions', columns, rows, cards: true })}
${everywhere}</section>`
}

function tokensCard(page: Page, tokens: readonly ShownToken[]): Html {
  const { frame, view } = page
  const { language } = frame
  const once =
    view.token &&
    html`<div class="once" id="${answerId}" role="alert" tabindex="-1">
<p>${say(language, accountTexts.tokenOnce)}</p>
<p><code class="hash"><bdi dir="ltr">${view.token}</bdi></code></p></div>`
  const columns = [
    { head: say(language, accountTexts.label) },
    { head: say(language, accountTexts.scope) },
    { head: say(language, accountTexts.used) },
    { head: say(language, accountTexts.expires) },
    { head: say(language, accountTexts.act) },
  ]
  const rows = tokens.map((token) => tokenCells(frame, token))
  return html`<section class="card" aria-labelledby="tokens">
<h2 id="tokens">${say(language, accountTexts.tokens)}
<span class="count">${number(language, tokens.length)}</span></h2>
<p class="note">${say(language, accountTexts.tokensHow)}</p>${once}
${
  tokens.length === 0
    ? html`<p class="calm">${say(language, accountTexts.noTokens)}</p>`
    : table({ labelledBy: 'tokens', columns, rows, cards: true })
}
${tokenForm(page)}</section>`
}

function tokenCells(frame: Frame, token: ShownToken): Content[] {
  const { language, now } = frame
  const isOver = token.endedAt !== null || token.expiresAt <= now
  const name = sayPlainly(language, accountTexts.end)
  return [
    html`<bdi>${token.label}</bdi> <small>${isolatedId(token.id)}</small>`,
    say(language, scopeTexts[token.scope]),
    token.lastUsedAt === null
      ? say(language, accountTexts.never)
      : time(frame, token.lastUsedAt, 'minuteOfYear'),
    time(frame, token.expiresAt, 'dayOfYear'),
    isOver
      ? say(language, accountTexts.ended)
      : html`<form class="plain" method="post" action="#answer">
<input type="hidden" name="token" value="${token.id}">
<button name="act" value="end-token" aria-label="${name} ${token.label}">${name}</button></form>`,
  ]
}

function tokenForm(page: Page): Html {
  const { frame, view } = page
  const { language } = frame
  const open = isOpen(page, 'make-token')
  const sent = (name: string) => typed(view.refused, open, name)
  const most = number(language, tokenDaysMax)
  const options = Object.entries(scopeTexts).map(
    ([scope, text]) =>
      html`<option value="${scope}"${sent('scope') === scope && html` selected`}>${
        text[language]
      }</option>`,
  )
  return html`<details${open && html` open`}>
<summary>${say(language, accountTexts.makeToken)}</summary>
<form class="act" method="post" action="#answer">
<p><label for="label">${say(language, accountTexts.label)}</label>
<input id="label" name="label" required maxlength="60" dir="auto" autocomplete="off"
value="${sent('label')}"></p>
<p><label for="scope">${say(language, accountTexts.scope)}</label>
<select id="scope" name="scope" required>${options}</select></p>
<p><label for="days">${say(language, accountTexts.days, { most })}</label>
<input id="days" name="days" type="number" dir="ltr" required min="1" max="${tokenDaysMax}"
step="1" value="${sent('days') || 90}"></p>
<p><button name="act" value="make-token" class="main">${say(language, accountTexts.makeToken)}
</button></p></form></details>`
}
