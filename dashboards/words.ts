import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  SpecialValueMatch,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language, Text } from '../collector/web/language.ts'
import { stateTexts } from '../collector/web/texts/checks.ts'
import { figureTexts, verdictTexts } from '../collector/web/texts/figures.ts'
import { causeTexts } from '../collector/web/texts/lost.ts'
import { agentStatusTexts, criticalityTexts } from '../collector/web/texts/places.ts'
import { stateCodes } from './places.ts'
import { verdictCodes } from './queries.ts'
import { texts } from './texts.ts'

/** Colours, always beside a word that says the same. */
export const colors = {
  plain: 'text',
  good: 'green',
  middle: 'yellow',
  bad: 'red',
  open: 'blue',
  unknown: 'purple',
  none: '#808080',
} as const

/** Words, and colours where they have one, in the place of raw values. */
export function words(
  language: Language,
  entries: Readonly<Record<string, readonly [text: Text, color?: string]>>,
): ValueMapping {
  const options = Object.entries(entries).map(([value, [text, color]], index) => [
    value,
    { text: text[language], index, ...(color ? { color } : {}) },
  ])
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) }
}

/** What has no value says so; it is never shown as 0. */
export function noValue(language: Language): ValueMapping {
  const result = { text: figureTexts.noValue[language], color: colors.none }
  return {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NullAndNan, result },
  }
}

/** The verdict in words, by its code. */
export function verdictWords(language: Language): ValueMapping {
  return words(language, {
    0: [figureTexts.noValue, colors.none],
    [verdictCodes.met]: [verdictTexts.met, verdictColors.met],
    [verdictCodes.not_met]: [verdictTexts.not_met, verdictColors.not_met],
    [verdictCodes.undetermined]: [verdictTexts.undetermined, verdictColors.undetermined],
    [verdictCodes.being_set_up]: [figureTexts.beingSetUp, colors.open],
  })
}

/** The colour of each verdict. */
export const verdictColors = {
  met: colors.good,
  not_met: colors.bad,
  undetermined: colors.middle,
} as const

/** The colour of each state. */
export const stateColors = {
  up: colors.good,
  degraded: colors.middle,
  down: colors.bad,
  unknown: colors.unknown,
  maintenance: colors.open,
  not_in_scope: colors.none,
} as const

/** The state in words, by its code. */
export function stateCodeWords(language: Language): ValueMapping {
  const entries = Object.entries(stateCodes) as [keyof typeof stateCodes, number][]
  return words(
    language,
    Object.fromEntries(
      entries.map(([state, code]) => [code, [stateTexts[state], stateColors[state]]]),
    ),
  )
}

/** The state in words, by the label that names it. */
export function stateWords(language: Language): ValueMapping {
  const entries = Object.entries(stateColors) as [keyof typeof stateColors, string][]
  return words(
    language,
    Object.fromEntries(entries.map(([state, color]) => [state, [stateTexts[state], color]])),
  )
}

/** A check as Prometheus has it: up (also when degraded) or not, or nothing known. */
export function checkWords(language: Language): ValueMapping[] {
  const known = words(language, {
    1: [stateTexts.up, stateColors.up],
    0: [stateTexts.down, stateColors.down],
  })
  const result = { text: stateTexts.unknown[language], color: stateColors.unknown }
  const options = { match: SpecialValueMatch.NotANumber, result }
  return [known, { type: MappingType.SpecialValue, options }]
}

/** Whether an agent's evidence counts. */
export function agentStatusWords(language: Language): ValueMapping {
  return words(language, {
    active: [texts.active, colors.good],
    pending: [agentStatusTexts.pending, colors.open],
    quarantined: [agentStatusTexts.quarantined, colors.bad],
    revoked: [agentStatusTexts.revoked, colors.none],
  })
}

/** Why time was lost. */
export function causeWords(language: Language): ValueMapping {
  return words(
    language,
    Object.fromEntries(Object.entries(causeTexts).map(([cause, text]) => [cause, [text]])),
  )
}

/** How much a hosting environment counts for. */
export function criticalityWords(language: Language): ValueMapping {
  return words(language, {
    critical: [criticalityTexts.critical],
    important: [criticalityTexts.important],
    supporting: [criticalityTexts.supporting],
  })
}

/** Whether something holds. */
export function yesNoWords(
  language: Language,
  yes: readonly [text: Text, color?: string],
  no: readonly [text: Text, color?: string],
): ValueMapping {
  return words(language, { 1: yes, 0: no })
}

/** One colour whatever the value. */
export function fixedColor(color: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color)
}
