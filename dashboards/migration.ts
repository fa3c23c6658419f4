import type { Board } from './board.ts'
import { migrationByInstitution } from './migration/institutions.ts'
import { progress } from './migration/progress.ts'
import { migrationRowTexts } from './migration/texts.ts'
import { workloads } from './migration/workloads.ts'

/** Cloud migration against its roadmap: the nation, then institutions. */
export const migration: Board = {
  name: 'migration',
  variables: ['anyInstitution'],
  rows: (language) => [
    { id: 0, title: null, panels: progress(language) },
    { id: 100, title: migrationRowTexts.workloads, panels: workloads(language) },
    {
      id: 200,
      title: migrationRowTexts.institutions,
      panels: migrationByInstitution(language),
    },
  ],
}
