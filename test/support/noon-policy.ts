import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs } from '../../protocol/time.ts'
import { exampleFiles, textOf } from './collector.ts'

/**
 * The example policy, written to a folder, in a zone where it is noon at an instant: for tests on
 * real time, in which no day, month or half-year may end whenever they run. Answers the file.
 */
export function noonPolicy(folder: string, at: EpochMs): string {
  const aheadHours = 12 - new Date(at).getUTCHours()
  // The names of these zones count hours the other way round.
  const zone =
    aheadHours === 0 ? 'UTC' : `Etc/GMT${aheadHours > 0 ? '-' : '+'}${Math.abs(aheadHours)}`
  const file = join(folder, 'policy.yaml')
  writeFileSync(file, textOf(exampleFiles.policy).replace('Asia/Muscat', zone))
  return file
}
