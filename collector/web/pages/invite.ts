import { number } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { type Language, say, type Text } from '../language.ts'
import {
  type PasswordRefusal,
  passwordRefusalTexts,
  signInRefusalTexts,
  signInTexts,
} from '../texts/sign-in.ts'
import { card, enter, isolatedId, passwordField } from './login.ts'

/** How long a password may be. Unit: characters. */
export type PasswordLength = { readonly least: number; readonly most: number }

/** Asks for the code of an invitation, which the script takes from behind `#`. */
export function invitePage(frame: Frame, { wrong }: { wrong: boolean }): string {
  const { language } = frame
  return card(
    frame,
    signInTexts.invite,
    html`<p id="how">${say(language, signInTexts.inviteHow)}</p>
<form class="login code" method="post" action="/invite">
<label for="code">${say(language, signInTexts.inviteCode)}</label>
<input id="code" name="code" dir="ltr" required maxlength="200" autocomplete="off"
autocapitalize="none" spellcheck="false" aria-invalid="${String(wrong)}"
aria-describedby="${wrong ? 'wrong how' : 'how'}">
${
  wrong &&
  html`<p id="wrong" class="wrong" role="alert">${say(language, signInRefusalTexts.code)}</p>`
}
${enter(language, signInTexts.next)}</form>`,
  )
}

/** Asks whoever bears an invitation for the password of the account. */
export function newPasswordPage(
  frame: Frame,
  view: {
    readonly code: string
    readonly account: string
    readonly length: PasswordLength
    readonly wrong: PasswordRefusal | null
  },
): string {
  const { language } = frame
  const { code, account, length, wrong } = view
  return card(
    frame,
    signInTexts.invite,
    html`<p>${say(language, signInTexts.newPasswordFor, { account: isolatedId(account) })}</p>
<form class="login" method="post" action="/invite">
<input type="hidden" name="code" value="${code}">
<input type="hidden" name="account" value="${account}" autocomplete="username">
${newPasswordFields(language, length, wrong)}
${enter(language, signInTexts.savePassword)}</form>`,
  )
}

/** A new password, twice, and why the last one was refused. */
export function newPasswordFields(
  language: Language,
  length: PasswordLength,
  wrong: PasswordRefusal | null,
): Html {
  const values = { least: number(language, length.least), most: number(language, length.most) }
  const isWrong = wrong !== null
  const field = (name: string, text: Text) =>
    passwordField(language, name, text, 'new-password', isWrong)
  return html`${field('password', signInTexts.newPassword)}
<p class="note">${say(language, signInTexts.newPasswordHow, values)}</p>
${field('repeat', signInTexts.repeat)}
${
  wrong &&
  html`<p id="wrong" class="wrong" role="alert">${passwordRefusal(language, length, wrong)}</p>`
}`
}

/** Why a password was refused, in words. */
export function passwordRefusal(
  language: Language,
  length: PasswordLength,
  wrong: PasswordRefusal,
): Html {
  const values = { least: number(language, length.least), most: number(language, length.most) }
  return wrong === 'length'
    ? say(language, passwordRefusalTexts.length, values)
    : say(language, passwordRefusalTexts[wrong])
}
