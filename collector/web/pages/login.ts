import type { Frame } from '../frame.ts'
import { html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { shellTexts } from '../texts/shell.ts'

/** Asks for a one-time code; the script fills in one that stands behind `#` in the address. */
export function loginPage(frame: Frame, { wrong }: { wrong: boolean }): string {
  const { language } = frame
  const command = html`<code><bdi dir="ltr">npm start</bdi></code>`
  const codeWrong = say(language, shellTexts.codeWrong)
  const main = html`<section class="card message"><h1>${say(language, shellTexts.signIn)}</h1>
<p id="how">${say(language, shellTexts.signInHow, { command })}</p>
<form class="login" method="post" action="/login">
<label for="code">${say(language, shellTexts.code)}</label>
<input id="code" name="code" dir="ltr" required maxlength="200" autocomplete="off"
autocapitalize="none" spellcheck="false" aria-invalid="${String(wrong)}"
aria-describedby="${wrong ? 'wrong how' : 'how'}">
${wrong && html`<p id="wrong" class="wrong" role="alert">${codeWrong}</p>`}
<button>${say(language, shellTexts.enter)}</button>
</form></section>`
  const title = sayPlainly(language, shellTexts.signIn)
  return layout(frame, { title, trail: [], snapshot: null, main })
}
