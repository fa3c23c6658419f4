import { minuteMs } from '../../protocol/time.ts'
import type { Scenario } from './faults.ts'

/** Scripts that once broke a rule, made small, each with what it was. They run with `npm test`. */
export const regressions: readonly { readonly was: string; readonly scenario: Scenario }[] = [
  {
    was: 'a message under way when its spool was lost came late and locked its agent for good',
    scenario: {
      ...{ seed: 197_690, hosts: 3, lastsMs: 120 * minuteMs, outageFactor: 0 },
      faults: [
        {
          ...{ kind: 'network', host: 1, at: 0, forMs: 20 * minuteMs },
          ...{ loss: 0.2, replyLoss: 0.2, twice: 0, late: 0.5, delayMs: 0 },
        },
        {
          ...{ kind: 'crash', host: 1, at: 10 * minuteMs, forMs: minuteMs },
          spool: { fate: 'lost' },
        },
      ],
    },
  },
]
