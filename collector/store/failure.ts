import { AppError } from '../error.ts'

/**
 * The store could not do what was asked. Passing: nothing was stored, the next attempt may succeed.
 * Lasting: whether it was stored is open, or the data are damaged; the process must end, and the
 * next start reads from the disk what is there.
 */
export class StoreFailure extends AppError {
  readonly lasting: boolean
  constructor(message: string, { lasting, cause }: { lasting: boolean; cause: unknown }) {
    super('unavailable', message, { cause })
    this.lasting = lasting
  }
}

/** How often a store failed, by whether that may pass. */
export type FailureCounts = { readonly passing: number; readonly lasting: number }

type Methods = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>

/**
 * The same methods, with the engine's errors told as what they mean: `failureOf` answers null for
 * what is no failure of the store. After a lasting one no method reaches the engine any more, so
 * that nothing is tried again on a connection whose state nobody knows; `onLasting` is told once,
 * `onFailure` of each failure of the engine.
 */
export function guarded<T extends Methods>(
  methods: T,
  failureOf: (error: unknown) => StoreFailure | null,
  onLasting: (failure: StoreFailure) => void,
  onFailure: (failure: StoreFailure) => void = () => {},
): T {
  let lasting: StoreFailure | null = null
  const guard = (method: Methods[string]): Methods[string] => {
    return async (...args) => {
      if (lasting) throw lasting
      try {
        return await method(...args)
      } catch (error) {
        const failure = failureOf(error)
        if (!failure) throw error
        onFailure(failure)
        if (failure.lasting && !lasting) {
          lasting = failure
          onLasting(failure)
        }
        throw failure
      }
    }
  }
  const all = Object.entries(methods).map(([name, method]) => [name, guard(method)])
  return Object.fromEntries(all) as T // each method is replaced by one of its own shape
}
