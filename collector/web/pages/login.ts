import { duration } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, sayPlainly, type Text } from '../language.ts'
import { layout } from '../layout.ts'
import { qrCode } from '../parts/qr.ts'
import { shellTexts } from '../texts/shell.ts'
import { type SignInRefusal, signInRefusalTexts, signInTexts } from '../texts/sign-in.ts'

/** Why the last step was refused, and when the next may be tried. */
export type Wrong = {
  readonly rule: SignInRefusal
  /** Unit: milliseconds; of `too_many` only. */
  readonly waitMs?: number
}

/** Where to sign in with another system's account, if there is one. */
export type Provider = { readonly path: string }

/** Asks for account and password, or for a one-time code; the script fills in one behind `#`. */
export function loginPage(
  frame: Frame,
  { wrong, provider }: { wrong: Wrong | null; provider: Provider | null },
): string {
  const { language } = frame
  const isCode = wrong?.rule === 'code'
  const isWrong = wrong !== null && !isCode
  return card(
    frame,
    shellTexts.signIn,
    html`${provider && providerForm(language, provider)}
<section aria-labelledby="by-password"><h2 id="by-password">${say(
      language,
      signInTexts.byPassword,
    )}</h2>
${!isCode && refusal(language, wrong)}
<form class="login" method="post" action="/login">
<label for="account">${say(language, signInTexts.account)}</label>
<input id="account" name="account" dir="ltr" required maxlength="63" autocomplete="username"
autocapitalize="none" spellcheck="false"${isWrong && toldWhy}>
${passwordField(language, 'password', signInTexts.password, 'current-password', isWrong)}
${enter(language, shellTexts.enter)}
<p class="note">${say(language, signInTexts.forgotten)}</p></form></section>
${codeForm(language, isCode)}`,
  )
}

function codeForm(language: Language, isWrong: boolean): Html {
  const command = html`<code><bdi dir="ltr">npm start</bdi></code>`
  return html`<section aria-labelledby="by-code"><h2 id="by-code">${say(
    language,
    signInTexts.byCode,
  )}</h2>
<p id="how">${say(language, shellTexts.signInHow, { command })}</p>
<form class="login code" method="post" action="/login">
<label for="code">${say(language, shellTexts.code)}</label>
<input id="code" name="code" dir="ltr" required maxlength="200" autocomplete="off"
autocapitalize="none" spellcheck="false" aria-invalid="${String(isWrong)}"
aria-describedby="${isWrong ? 'wrong how' : 'how'}">
${isWrong && refusal(language, { rule: 'code' })}
${enter(language, shellTexts.enter)}</form></section>`
}

function providerForm(language: Language, { path }: Provider): Html {
  return html`<section aria-labelledby="by-provider">
<h2 id="by-provider">${say(language, signInTexts.byProvider)}</h2>
<p><a class="button" href="${path}">${say(language, signInTexts.enterByProvider)}</a></p></section>`
}

/** Asks for the number that the authenticator app shows. */
export function secondFactorPage(
  frame: Frame,
  { step, wrong }: { step: string; wrong: Wrong | null },
): string {
  const { language } = frame
  return card(
    frame,
    signInTexts.secondFactor,
    html`<p>${say(language, signInTexts.secondFactorHow)}</p>
<form class="login" method="post" action="/login/second-factor">
${digitsFields(language, step, wrong)}
${enter(language, shellTexts.enter)}</form>
${startAgain(language)}`,
  )
}

/** What an authenticator app needs: an address with the key in it, and the key by itself. */
export type TotpSetUp = { readonly uri: string; readonly secret: string }

/** Shows the key of a second factor, this once, and asks for the first number made with it. */
export function setUpPage(
  frame: Frame,
  { step, totp, wrong }: { step: string; totp: TotpSetUp | null; wrong: Wrong | null },
): string {
  const { language } = frame
  const again = html`<p>${say(language, signInTexts.setUpAgain)}</p>`
  return card(
    frame,
    signInTexts.setUp,
    html`${totp ? setUpSquare(language, totp) : again}
<form class="login" method="post" action="/login/set-up">
${digitsFields(language, step, wrong)}
${enter(language, signInTexts.confirm)}</form>
${startAgain(language)}`,
  )
}

function startAgain(language: Language): Html {
  return html`<p><a href="/login">${say(language, signInTexts.startAgain)}</a></p>`
}

/** The key as a drawing and in letters, in groups of four that can be read out. */
export function setUpSquare(language: Language, { uri, secret }: TotpSetUp): Html {
  const groups = secret.replaceAll(/.{4}(?=.)/g, '$& ')
  const shown = html`<code class="hash"><bdi dir="ltr">${groups}</bdi></code>`
  return html`<p>${say(language, signInTexts.setUpHow)}</p>
${qrCode(uri, sayPlainly(language, signInTexts.square))}
<p>${say(language, signInTexts.byHand, { secret: shown })}</p>
<p class="note">${say(language, signInTexts.keepSecret)}</p>`
}

/** The field for the number of the app, beside what the step before gave. */
function digitsFields(language: Language, step: string, wrong: Wrong | null): Html {
  return html`<input type="hidden" name="step" value="${step}">
${digitsField(language, wrong !== null)}
${refusal(language, wrong)}`
}

/** The field for the number that the app shows. */
export function digitsField(language: Language, isWrong = false): Html {
  return html`<label for="digits">${say(language, signInTexts.sixDigits)}</label>
<input id="digits" name="digits" dir="ltr" required inputmode="numeric" pattern="[0-9]{6}"
maxlength="6" autocomplete="one-time-code"${isWrong && toldWhy}>`
}

/** Of a field that was refused: what is wrong stands in the only such sentence of the page. */
const toldWhy = html` aria-invalid="true" aria-describedby="wrong"`

/** A field for a password, which never holds what was sent before. */
export function passwordField(
  language: Language,
  name: string,
  label: Text,
  use: 'current-password' | 'new-password',
  isWrong = false,
): Html {
  return html`<label for="${name}">${label[language]}</label>
<input id="${name}" name="${name}" type="password" dir="ltr" required maxlength="128"
autocomplete="${use}"${isWrong && toldWhy}>`
}

/** A page of the way in: one card, no figures, no bar. */
export function card(frame: Frame, title: Text, body: Content): string {
  const { language } = frame
  const plainTitle = title[language]
  const main = html`<section class="card message sign-in"><h1>${plainTitle}</h1>${body}</section>`
  return layout(frame, { title: plainTitle, trail: [], snapshot: null, main })
}

/** The button that sends a form of the way in. */
export function enter(language: Language, text: Text): Html {
  return html`<button>${text[language]}</button>`
}

/** An id, which runs from left to right wherever it stands. */
export function isolatedId(id: string): Html {
  return html`<bdi dir="ltr">${id}</bdi>`
}

/** Why a step was refused. */
export function refusal(language: Language, wrong: Wrong | null): Content {
  if (!wrong) return null
  const { rule, waitMs = 0 } = wrong
  const words =
    rule === 'too_many'
      ? say(language, signInRefusalTexts.too_many, { time: duration(language, waitMs) })
      : say(language, signInRefusalTexts[rule])
  return html`<p id="wrong" class="wrong" role="alert">${words}</p>`
}
