import type { OidcReason } from '../../people/oidc-settings.ts'
import type { Frame } from '../frame.ts'
import { type Content, html } from '../html.ts'
import { say, sayPlainly, type Text } from '../language.ts'
import { layout } from '../layout.ts'
import { oidcReasonTexts, oidcTexts } from '../texts/oidc.ts'

/** Seen for a moment by whoever signed in: the browser goes on by itself. */
export function enteredPage(frame: Frame): string {
  const goOn = html`<p><a href="/">${say(frame.language, oidcTexts.goOn)}</a></p>`
  return messageOf(frame, oidcTexts.entered, goOn)
}

/** Says why somebody is not signed in, and leads back. */
export function notEnteredPage(frame: Frame, reason: OidcReason): string {
  const { language } = frame
  const body = html`<p role="alert">${say(language, oidcReasonTexts[reason])}</p>
<p><a href="/login">${say(language, oidcTexts.again)}</a></p>`
  return messageOf(frame, oidcTexts.failed, body)
}

/** After signing out here; `endUrl` is where that is done at the provider, if anywhere. */
export function leftPage(frame: Frame, endUrl: string | null): string {
  const { language } = frame
  const body = html`<p>${say(language, oidcTexts.leftHow)}</p>
${endUrl !== null && html`<p><a href="${endUrl}">${say(language, oidcTexts.endThere)}</a></p>`}
<p><a href="/login">${say(language, oidcTexts.again)}</a></p>`
  return messageOf(frame, oidcTexts.left, body)
}

function messageOf(frame: Frame, title: Text, body: Content): string {
  const { language } = frame
  const main = html`<section class="card message"><h1>${say(language, title)}</h1>
${body}</section>`
  return layout(frame, { title: sayPlainly(language, title), trail: [], snapshot: null, main })
}
