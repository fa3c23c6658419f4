import { type FactHost, type FactProbe, Missing } from './fact.ts'
import { versionFact } from './version.ts'
import { windowsFacts } from './windows/all.ts'

/** Every fact this agent measures. A new one is one file, one line here, one test. */
export const facts: Readonly<Record<string, FactProbe>> = {
  version: versionFact,
}

const notSupported = async () => {
  throw new Missing('not_supported', 'agent')
}

/** The facts of a platform: where it has no way to measure them, each says so. */
export function factsOf(platform: FactHost['platform']): Readonly<Record<string, FactProbe>> {
  if (platform === 'linux') return facts
  if (platform === 'win32') return windowsFacts
  const others = Object.entries(facts).map(([name, { indicators }]): [string, FactProbe] => {
    return [name, { indicators, measure: notSupported }]
  })
  return { ...Object.fromEntries(others), version: versionFact }
}
