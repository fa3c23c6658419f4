import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with what was not run and one plain line of counts; a skip is never silent. */
export class PlainReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    const notRun: string[] = []
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests()].length === 0) {
        counts.failed++
      }
      for (const test of module.children.allTests()) {
        const result = test.result()
        const { state } = result
        if (state === 'pending') continue
        counts[state]++
        const name = `${module.relativeModuleId} > ${test.fullName}`
        const parts = test.annotations().filter(({ type }) => type === 'not run')
        notRun.push(...parts.map(({ message }) => `${name}, in part: ${message}`))
        if (result.state !== 'skipped') continue
        notRun.push(result.note ? `${name}: ${result.note}` : name)
      }
    }
    if (notRun.length > 0) console.log(`\nNot run:\n  ${notRun.join('\n  ')}`)
    const { passed, failed, skipped } = counts
    console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
  }
}
