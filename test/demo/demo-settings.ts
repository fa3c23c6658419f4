import { fullSize } from '../simulation/nation.ts'
import { DemoError } from './demo-folder.ts'

export type DemoSettings = {
  readonly institutions: number
  readonly seed: number
  readonly folder: string
}

const seedMax = 1_000_000

/** Reads the settings. Throws DemoError that names all problems at once. */
export function readDemoSettings(
  environment: Readonly<Record<string, string | undefined>>,
  defaultFolder: string,
): DemoSettings {
  const problems: string[] = []
  const whole = (name: string, fallback: number, max: number) => {
    const text = environment[name]
    if (text === undefined || text === '') return fallback
    const value = Number(text)
    if (!/^\d{1,7}$/.test(text) || value < 1 || value > max) {
      problems.push(`${name}: must be a whole number from 1 to ${max}`)
    }
    return value
  }
  const settings = {
    institutions: whole('DEMO_INSTITUTIONS', fullSize.institutions, fullSize.institutions),
    seed: whole('DEMO_SEED', 7, seedMax),
    folder: environment.DATA_DIR || defaultFolder,
  }
  for (const name of ['ISTIMRAR_REGISTER_FILE', 'ISTIMRAR_POLICY_FILE', 'ISTIMRAR_SIMULATED']) {
    if (environment[name]) problems.push(`${name}: the demonstration has its own; leave it out`)
  }
  if (problems.length > 0)
    throw new DemoError(`The settings are wrong:\n  ${problems.join('\n  ')}`)
  return settings
}
