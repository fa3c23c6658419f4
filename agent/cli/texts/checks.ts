import type { ObservedState } from '../../../protocol/check.ts'
import type { Text } from '../../language.ts'

/** States in the words of the board; a test holds the Arabic of both together. */
export const stateTexts: Readonly<Record<ObservedState, Text>> = {
  up: { ar: 'يعمل', en: 'up' },
  degraded: { ar: 'يعمل بأداء منخفض', en: 'degraded' },
  down: { ar: 'متوقف', en: 'down' },
}
