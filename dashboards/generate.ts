import { languages } from '../collector/web/language.ts'
import { national } from './national.ts'

/** A file that is made from code and kept in the repository; `path` is relative to its root. */
export type GeneratedFile = { readonly path: string; readonly text: string }

/** Every dashboard in every language, as Grafana provisions it. */
export function dashboardFiles(): GeneratedFile[] {
  return languages.map((language) => ({
    path: `dashboards/generated/national.${language}.json`,
    text: `${JSON.stringify(national(language), null, 2)}\n`,
  }))
}
