import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { PlainReporter } from './support/reporter.ts'
import { scratchFolder } from './support/scratch-folder.ts'

const root = join(import.meta.dirname, '..')
/** Properties with a number of runs of their own: a fifth of them in `check`, all in `npm test`. */
const properties = 'test/**/*.property.test.ts'
/** Beside what they test like unit tests, but too slow for `check`: they wait, or build. */
const slow = 'test/**/*.slow.test.ts'

export default defineConfig({
  root,
  test: {
    reporters: ['default', new PlainReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/system/**', slow],
          provide: { isThorough: false },
          // A deadline for what hangs, on a busy machine too; nothing is timed by it.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Nothing keeps state in a module, so all files can share what was loaded once.
          isolate: false,
          // One more than run at a time: some tests wait for what is slow on purpose.
          maxWorkers: availableParallelism() + 1,
          env: {
            // Memory is as good a disk as any for what is never cut off, and spares the real one.
            TMPDIR: scratchFolder(),
            // Each collector starts a thread of its own, which would compile its modules anew.
            NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
          },
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts', properties, slow],
          provide: { isThorough: true },
          testTimeout: 480_000,
          hookTimeout: 480_000,
          maxWorkers: 1,
          maxConcurrency: 2,
        },
      },
    ],
  },
})
