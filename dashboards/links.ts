import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { type Language, sayPlainly, type Text } from '../collector/web/language.ts'
import { type BoardName, boardTexts, texts } from './texts.ts'

/** What Grafana knows a dashboard by; it stands in people's links and never changes. */
export function uidOf(name: BoardName, language: Language): string {
  return `istimrar-${name}-${language}`
}

/** Links to the same view in the other language, and to the other dashboards in this one. */
export function linksOf(
  language: Language,
  own: BoardName,
  all: readonly BoardName[],
): Builder<DashboardLink>[] {
  const other = language === 'ar' ? 'en' : 'ar'
  return [
    link(texts.otherLanguage[language], texts.otherLanguageHow[language], uidOf(own, other)),
    ...all
      .filter((name) => name !== own)
      .map((name) => {
        const { description } = boardTexts[name]
        return link(shortTitle(name, language), description[language], uidOf(name, language))
      }),
  ]
}

/** Keeps the time shown and every variable that both dashboards have. */
function link(title: string, tooltip: string, uid: string): Builder<DashboardLink> {
  const made = new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .icon('external link')
    .tooltip(tooltip)
    .url(`/d/${uid}`)
    .keepTime(true)
    .includeVars(true)
    .build()
  // The SDK hides links in a menu unless told otherwise, and has no word for otherwise.
  delete made.placement
  return { build: () => made }
}

/** Where the cells of a column lead, with the titles of the columns that hold the ids. */
export type CellLink = {
  readonly to: BoardName
  readonly institution?: Text
  readonly environment?: Text
}

/** A link of a cell. It keeps time and choices, but takes the place from the row it stands in. */
export function cellLink(language: Language, { to, ...places }: CellLink) {
  const chosen = Object.entries(places).map(
    ([variable, title]) => `var-${variable}=\${__data.fields["${title[language]}"]}`,
  )
  const kept = ['datasource', 'job', 'window'].map((name) => `\${${name}:queryparam}`)
  const query = [...chosen, ...kept, `\${__url_time_range}`].join('&')
  const title = sayPlainly(language, texts.open, { board: shortTitle(to, language) })
  return { title, url: `/d/${uidOf(to, language)}?${query}` }
}

/** Every title begins with the name of the product, which the reader sees already. */
function shortTitle(name: BoardName, language: Language): string {
  return boardTexts[name].title[language].replace(/^.*? – /, '')
}
