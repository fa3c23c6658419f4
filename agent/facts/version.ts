import { version } from '../version.ts'
import type { FactProbe } from './fact.ts'

/** Which agent measures: whether it is a supported one is for the centre to say. */
export const versionFact: FactProbe = {
  indicators: ['agent.version'],
  measure: async () => [{ indicator: 'agent.version', value: version, method: 'agent' }],
}
