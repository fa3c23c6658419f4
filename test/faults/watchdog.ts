import { text } from 'node:stream/consumers'
import { tidyRun } from './leftovers.ts'

/**
 * Beside a run, in a session of its own: its input ends when the run does, however that ends. A run
 * that ends in order ends this first; after any other one nothing is left to find.
 */
await text(process.stdin)
tidyRun(Number(process.argv[2]))
