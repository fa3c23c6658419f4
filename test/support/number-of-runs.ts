import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether there is time for every run of every property. */
    isThorough: boolean
  }
}

/** How many runs a property gets: all of them in `npm test`, a fifth in `npm run check`. */
export function numberOfRuns(all: number): number {
  return inject('isThorough') ? all : Math.ceil(all / 5)
}
