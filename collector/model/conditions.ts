import { type Condition, comparisons } from '../kpi/readiness/model.ts'

/** A condition as a model's file writes it, such as `value > 3`; null where it is none. */
export function conditionOf(text: unknown): Condition | null {
  if (typeof text !== 'string') return null
  const [, sign, literal = ''] = /^value (<|<=|>|>=|=) (\S+)$/.exec(text) ?? []
  const op = comparisons.find((each) => each === sign)
  if (!op) return null
  if (literal === 'true' || literal === 'false') return { op, value: literal === 'true' }
  const value = Number(literal)
  return Number.isFinite(value) ? { op, value } : null
}

/** The same text of a condition. */
export function conditionText({ op, value }: Condition): string {
  return `value ${op} ${value}`
}
