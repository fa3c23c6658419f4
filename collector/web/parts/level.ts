import type { Level, Model } from '../../kpi/readiness/model.ts'
import type { InstitutionReadiness, LevelBounds } from '../../kpi/readiness/result.ts'
import { name } from '../format.ts'
import { type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { figureTexts } from '../texts/figures.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { chip } from './chip.ts'

/**
 * A level of the model: its icon on its colour, and its word on the ground of the page, so that
 * whatever colour a ministry chooses, the word can be read.
 */
export function levelChip(language: Language, model: Model, id: string): Html {
  const level = model.levels.find((each) => each.id === id)
  if (!level) return chip('none', 'minus', html`<bdi dir="ltr">${id}</bdi>`)
  return html`<span class="chip level">${levelMark(level)}<span>${name(
    language,
    level.label,
  )}</span></span>`
}

function levelMark({ color, icon }: Level): Html {
  const ink = isLight(color) ? '#000000' : '#ffffff'
  return html`<svg class="level-mark" viewBox="0 0 28 28" aria-hidden="true">
<rect width="28" height="28" rx="6" fill="${color}"/>
<use href="#${icon}" x="6" y="6" width="16" height="16" fill="${ink}"/></svg>`
}

/**
 * Whether black is easier to see on a colour than white.
 * Source: relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
 */
function isLight(color: string): boolean {
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
  const [red = 0, green = 0, blue = 0] = channels.map((share) =>
    share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
}

/** The level of an institution, both where low and high differ; being set up has none. */
export function levelChips(language: Language, model: Model, of: InstitutionReadiness): Html {
  if (!of.level) return chip('new', 'hourglass', say(language, figureTexts.beingSetUp))
  return levelBounds(language, model, of.level)
}

function levelBounds(language: Language, model: Model, { low, high }: LevelBounds): Html {
  if (low === high) return levelChip(language, model, low)
  const proven = { level: levelChip(language, model, low) }
  const possible = { level: levelChip(language, model, high) }
  return html`<span class="level-bounds"><span>${say(language, readinessTexts.levelProven, proven)}
</span> <span>${say(language, readinessTexts.levelPossible, possible)}</span></span>`
}
