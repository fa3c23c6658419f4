import type { Frame } from '../frame.ts'
import { html } from '../html.ts'
import { say, sayPlainly, type Text } from '../language.ts'
import { layout } from '../layout.ts'
import { paths } from '../paths.ts'
import { shellTexts } from '../texts/shell.ts'

const messages = {
  not_found: [shellTexts.notFoundTitle, shellTexts.notFound],
  forbidden: [shellTexts.forbiddenTitle, shellTexts.forbidden],
  foreign: [shellTexts.foreignTitle, shellTexts.foreign],
  malformed: [shellTexts.malformedTitle, shellTexts.malformed],
  failure: [shellTexts.failureTitle, shellTexts.failure],
} as const satisfies Record<string, readonly [Text, Text]>
export type Message = keyof typeof messages

/** A page that says one thing and leads back. */
export function messagePage(frame: Frame, message: Message): string {
  const { language } = frame
  const [title, words] = messages[message]
  const main = html`<section class="card message"><h1>${say(language, title)}</h1>
<p>${say(language, words)}</p>
<p><a href="${paths.nation(language)}">${say(language, shellTexts.back)}</a></p></section>`
  const plainTitle = sayPlainly(language, title)
  return layout(frame, { title: plainTitle, trail: [], snapshot: null, main })
}

/** Shown until the first snapshot exists; looks again every few seconds. */
export function waitingPage(frame: Frame): string {
  const { language } = frame
  const main = html`<section class="card message"><h1>${say(language, shellTexts.waitingTitle)}</h1>
<p>${say(language, shellTexts.waiting)}</p></section>`
  const title = sayPlainly(language, shellTexts.waitingTitle)
  return layout(frame, { title, trail: [], snapshot: null, main, reloadSeconds: 3 })
}
