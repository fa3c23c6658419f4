import type { FactProbe } from './fact.ts'

/** Every fact this agent measures. A new one is one file, one line here, one test. */
export const facts: Readonly<Record<string, FactProbe>> = {}
