import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  SpecialValueMatch,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language, Text } from '../collector/web/language.ts'
import { figureTexts, verdictTexts } from '../collector/web/texts/figures.ts'
import { verdictCodes } from './queries.ts'

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

/** One colour whatever the value. */
export function fixedColor(color: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color)
}
