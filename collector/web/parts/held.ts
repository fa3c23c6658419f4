import type { Held, Jump } from '../../kpi/snapshot.ts'
import { number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { paths } from '../paths.ts'
import { cyclePageTexts, jumpTexts } from '../texts/cycles.ts'

/** A banner on every page while newer figures are held back. */
export function heldBanner(writer: Writer, { since }: Held): Html {
  const { language } = writer
  const values = { since: time(writer, since, 'minuteOfYear') }
  return html`<p class="simulated" role="alert">${say(language, cyclePageTexts.held, values)}
<a href="${paths.cycles(language)}#held">${say(language, cyclePageTexts.heldLink)}</a></p>`
}

/** What jumped, as a list. */
export function jumpList({ language }: Writer, jumps: readonly Jump[]): Html {
  const value = ({ what }: Jump, n: number): Content =>
    what === 'low' || what === 'high'
      ? html`<bdi dir="ltr">${(Math.floor(n * 10_000) / 100).toFixed(2)}%</bdi>`
      : number(language, n)
  return html`<ul>${jumps.map((jump) => {
    const values = {
      what: say(language, jumpTexts[jump.what]),
      before: value(jump, jump.before),
      after: value(jump, jump.after),
    }
    return html`<li>${say(language, cyclePageTexts.jump, values)}</li>`
  })}</ul>`
}
