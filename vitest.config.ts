import { defineConfig } from 'vitest/config'
import { PlainReporter } from './test/support/reporter.ts'

export default defineConfig({
  test: {
    reporters: ['default', new PlainReporter()],
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/system/**'] } },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
    ],
  },
})
