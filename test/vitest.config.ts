import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { PlainReporter } from './support/reporter.ts'

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    reporters: ['default', new PlainReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/system/**'],
          // A deadline for what hangs, on a busy machine too; nothing is timed by it.
          testTimeout: 40_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          maxConcurrency: 2,
        },
      },
    ],
  },
})
