import type { faultTexts, stepTexts } from '../cli/texts/doctor.ts'

/** What is looked at, in this order. */
export type Step = keyof typeof stepTexts
/** What may be wrong; each has one remedy. */
export type Fault = keyof typeof faultTexts

/** What was found at one step. Skipped: an earlier step failed on which it rests. */
export type Finding = {
  readonly step: Step
  readonly outcome: 'ok' | 'fault' | 'skipped'
  readonly fault?: Fault
  /** The values of its sentence, and what else helps; never a secret. */
  readonly detail?: Detail
}
export type Detail = Readonly<Record<string, string | number>>

/** A step that ends in a fault. */
export class Faulty extends Error {
  override readonly name = 'Faulty'
  readonly fault: Fault
  readonly detail: Detail
  constructor(fault: Fault, detail: Detail = {}, options?: ErrorOptions) {
    super(fault, options)
    this.fault = fault
    this.detail = detail
  }
}

/**
 * Takes steps one by one. What a step answers is shown beside it; a step that fails answers null,
 * and so does one that rests on a failed one.
 */
export class Examination {
  readonly #findings: Finding[] = []

  get findings(): readonly Finding[] {
    return this.#findings
  }

  async step<T>(
    step: Step,
    rests: readonly unknown[],
    look: () => T | Promise<T>,
    shown: (answer: T) => Detail = () => ({}),
  ): Promise<T | null> {
    if (rests.includes(null)) {
      this.#findings.push({ step, outcome: 'skipped' })
      return null
    }
    try {
      const answer = await look()
      this.#findings.push({ step, outcome: 'ok', detail: shown(answer) })
      return answer
    } catch (error) {
      if (!(error instanceof Faulty)) throw error
      const { fault, detail } = error
      this.#findings.push({ step, outcome: 'fault', fault, detail })
      return null
    }
  }
}
