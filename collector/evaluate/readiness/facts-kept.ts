import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import { factDaysMax } from '../../store/facts.ts'

/** Days before an instant that its readiness looks at, with some to spare. */
const lookedAtDays = 40

/** Whether all that the readiness as of a past instant rests on is kept still. */
export function areFactsKept(at: EpochMs, now: EpochMs): boolean {
  return now - at <= (factDaysMax - lookedAtDays) * dayMs
}
