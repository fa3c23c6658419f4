import type { Measure, Measures, ReadinessInputs } from '../../../collector/kpi/readiness/inputs.ts'
import {
  type MetricScope,
  type MetricUnit,
  metricNames,
  metricOf,
} from '../../../collector/kpi/readiness/metrics.ts'
import type { BenchOptions } from './options.ts'

const at = Date.parse('2027-03-31T12:00:00Z')

/** The largest value of each unit that is told. */
const largest: Record<MetricUnit, number> = {
  boolean: 1,
  ratio: 1,
  days: 400,
  years: 10,
  minutes: 30,
  seconds: 4,
  count: 6,
}

/** Inputs with every metric everywhere, the same ones each time: one in ten without a valid value. */
export function benchNation({ institutions, hosts }: Omit<BenchOptions, 'rounds'>) {
  const random = sequence(20_270_331)
  return Array.from({ length: institutions }, (_, index): ReadinessInputs => {
    const id = `institution-${index + 1}`
    return {
      institution: id,
      at,
      isSetUp: true,
      measures: measuresOf('institution', random),
      environments: [4, 2, 2, 1].map((weight, place) => ({
        id: `environment-${place + 1}`,
        name: { ar: id, en: id },
        weight,
        isCritical: weight === 4,
        measures: measuresOf('environment', random),
        hosts: Array.from({ length: hosts / 4 }, (_, host) => ({
          agent: `${id}-${place}-${host}`,
          name: `host-${String(host).padStart(3, '0')}`,
          measures: measuresOf('host', random),
        })),
      })),
      waivers: [],
    }
  })
}

/** The same institution where one fact of one host has another value. */
export function withOneChange(inputs: ReadinessInputs, value: number): ReadinessInputs {
  const [first, ...others] = inputs.environments
  const [host, ...hosts] = first?.hosts ?? []
  if (!first || !host) throw new Error('There is no host.')
  const measures = { ...host.measures, 'memory.used_p95_ratio': measured(value) }
  const environment = { ...first, hosts: [{ ...host, measures }, ...hosts] }
  return { ...inputs, environments: [environment, ...others] }
}

function measuresOf(scope: MetricScope, random: () => number): Measures {
  const names = metricNames.filter((metric) => metricOf(metric).scope === scope)
  return Object.fromEntries(
    names.map((metric) => {
      const { unit, source } = metricOf(metric)
      const share = random()
      const value = unit === 'boolean' ? share > 0.2 : share * largest[unit]
      const isMissing = random() < 0.1
      const status = source === 'declared' ? 'declared_verified' : 'measured'
      return [metric, { ...measured(value), status: isMissing ? 'stale' : status }]
    }),
  )
}

function measured(value: number | boolean): Measure {
  return { status: 'measured', value, at, reason: null, method: 'bench', detail: null }
}

/** Numbers from 0 to 1 that are the same in each run (Park and Miller's generator). */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
