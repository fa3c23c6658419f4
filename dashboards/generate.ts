import { languages } from '../collector/web/language.ts'
import { dashboard } from './board.ts'
import { boards } from './boards.ts'

/** A file that is made from code and kept in the repository; `path` is relative to its root. */
export type GeneratedFile = { readonly path: string; readonly text: string }

/** Every dashboard in every language, as Grafana provisions it. */
export function dashboardFiles(): GeneratedFile[] {
  const names = boards.map(({ name }) => name)
  return languages.flatMap((language) =>
    boards.map((board) => ({
      path: `dashboards/generated/${language}/${board.name}.json`,
      text: `${JSON.stringify(dashboard(language, board, names), null, 2)}\n`,
    })),
  )
}
