import { agents } from './agents.ts'
import type { Board } from './board.ts'
import { collector } from './collector.ts'
import { environment } from './environment.ts'
import { institution } from './institution.ts'
import { migration } from './migration.ts'
import { national } from './national.ts'
import { readiness } from './readiness.ts'

/** Every dashboard, in the order in which they link each other. */
export const boards: readonly Board[] = [
  national,
  institution,
  environment,
  readiness,
  migration,
  agents,
  collector,
]
