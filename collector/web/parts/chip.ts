import type { ShownState } from '../../http/views.ts'
import { type Figure, type Outcome, outcomeOf, type Stage } from '../../kpi/snapshot.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, type Text } from '../language.ts'
import { stateTexts } from '../texts/checks.ts'
import { figureTexts, verdictTexts } from '../texts/figures.ts'
import { placeTexts } from '../texts/places.ts'
import { icon, type Shape } from './icon.ts'

/** The outcome of a figure at a stage. */
export function resultOf(stage: Stage, { verdict }: Pick<Figure, 'verdict'>): Outcome {
  return outcomeOf(stage, verdict)
}

type Look = { readonly tone: string; readonly shape: Shape; readonly text: Text }

const results: Readonly<Record<Outcome, Look>> = {
  met: { tone: 'good', shape: 'check', text: verdictTexts.met },
  not_met: { tone: 'bad', shape: 'cross', text: verdictTexts.not_met },
  undetermined: { tone: 'unsure', shape: 'question', text: verdictTexts.undetermined },
  being_set_up: { tone: 'new', shape: 'hourglass', text: figureTexts.beingSetUp },
  no_value: { tone: 'none', shape: 'minus', text: figureTexts.noValue },
}

const stateLooks: Readonly<Record<ShownState, Look>> = {
  up: { tone: 'good', shape: 'check', text: stateTexts.up },
  degraded: { tone: 'warning', shape: 'warning', text: stateTexts.degraded },
  down: { tone: 'bad', shape: 'cross', text: stateTexts.down },
  unknown: { tone: 'unsure', shape: 'question', text: stateTexts.unknown },
  maintenance: { tone: 'new', shape: 'wrench', text: stateTexts.maintenance },
  not_in_scope: { tone: 'none', shape: 'minus', text: stateTexts.not_in_scope },
}

/** Words, a shape and a colour that all say the same. */
export function chip(tone: string, shape: Shape, words: Content): Html {
  return html`<span class="chip ${tone}">${icon(shape)}<span>${words}</span></span>`
}

export function resultChip(language: Language, result: Outcome): Html {
  const { tone, shape, text } = results[result]
  return chip(tone, shape, say(language, text))
}

export function stateChip(language: Language, state: ShownState): Html {
  const { tone, shape, text } = stateLooks[state]
  return chip(tone, shape, say(language, text))
}

/** Whether an institution is heard. */
export function reportingChip(language: Language, reporting: boolean): Html {
  return reporting
    ? chip('good', 'check', say(language, placeTexts.isReporting))
    : chip('unsure', 'question', say(language, placeTexts.isNotReporting))
}
