import type { InstitutionRecord, Register } from '../register/register.ts'
import {
  type EvaluatedEnvironment,
  evaluatedInstitution,
  type Frame,
  type PooledInstitution,
} from './build-snapshot.ts'

/** An institution as it was evaluated last, and what of. */
type Held = {
  readonly record: InstitutionRecord
  readonly frame: Frame
  readonly evaluated: PooledInstitution
}

/** Puts institutions together from their environments; the same object as before where it can. */
export class InstitutionBook {
  #held = new Map<string, Held>()

  /** All institutions of a register, with their environments by the id of the institution. */
  evaluate(
    { institutions, populations }: Register,
    environments: ReadonlyMap<string, readonly EvaluatedEnvironment[]>,
    frame: Frame,
  ): PooledInstitution[] {
    const targets = new Set(populations.continuity)
    const before = this.#held
    this.#held = new Map()
    return institutions.map((record) => {
      const { id } = record
      const own = environments.get(id)!
      const last = before.get(id)
      const isSame =
        last?.record === record &&
        last.frame.standard === frame.standard &&
        last.evaluated.environments.length === own.length &&
        own.every((each, i) => each === last.evaluated.environments[i])
      const evaluated = isSame
        ? last.evaluated
        : evaluatedInstitution(record, targets.has(id), own, frame)
      this.#held.set(id, { record, frame, evaluated })
      return evaluated
    })
  }
}
