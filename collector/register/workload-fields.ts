import { claimedStates, type Day, strategies } from '../kpi/migration/workload.ts'
import { isRecord } from './act-log.ts'

/** What is wrong with one field, and what it may be; places and names as `source.hosts`. */
export type FieldProblem = { readonly field: string; readonly message: string }

/** Limits of workloads. */
export const workloadLimits = {
  /** Workloads of one institution. */
  workloadsMax: 500,
  /** Hosts that one place names. */
  hostsMax: 100,
  nameCharactersMax: 100,
  waveCharactersMax: 60,
  ownerCharactersMax: 100,
  reasonCharactersMax: 500,
  weightMax: 100,
  firstDay: '1970-01-01',
  lastDay: '2100-12-31',
} as const

const { hostsMax, nameCharactersMax, waveCharactersMax, ownerCharactersMax } = workloadLimits
const { reasonCharactersMax, weightMax, firstDay, lastDay } = workloadLimits

/** How important a workload is. */
export const workloadCriticalities = ['critical', 'important', 'supporting'] as const

/** Why a value will not do; null where it will. */
type Check = (value: unknown) => string | null

const idWords = 'must be an id: a to z, 0 to 9 and hyphens, at most 63 characters'
const id: Check = (value) =>
  typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,62}$/.test(value) ? null : idWords

/** Display text; `letters` is what at least one character must be. */
function text(charactersMax: number, letters = /./u, language = ''): Check {
  const written = language && ` written in ${language} letters`
  const words = `must be text${written}, 1 to ${charactersMax} characters, none of them hidden`
  return (value) => {
    if (typeof value !== 'string' || value.length > charactersMax) return words
    const isShown = /^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}]+$/u.test(value) && value.trim() !== ''
    return isShown && letters.test(value) ? null : words
  }
}

function oneOf(allowed: readonly string[]): Check {
  const words = `must be one of ${allowed.join(', ')}`
  return (value) => (allowed.some((each) => each === value) ? null : words)
}

function orNull(check: Check): Check {
  return (value) => (value === null ? null : check(value))
}

const day: Check = (value) =>
  isDay(value) ? null : `must be a day from ${firstDay} to ${lastDay}, as 2027-03-31`

const state: Check = (value) => {
  if (value === 'validated') {
    return '`validated` is what measurement finds, and nobody says it: say cut_over'
  }
  if (value === 'exempt') return '`exempt` is an approved exemption: ask for one'
  return oneOf(claimedStates)(value)
}

const weight: Check = (value) => {
  const fits = Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= weightMax
  return value === undefined || fits ? null : `must be a whole number from 1 to ${weightMax}`
}

const fields = Object.entries<Check>({
  id,
  criticality: oneOf(workloadCriticalities),
  weight,
  dataClass: orNull(id),
  strategy: orNull(oneOf(strategies)),
  wave: orNull(text(waveCharactersMax)),
  owner: orNull(text(ownerCharactersMax)),
  provider: orNull(id),
  serviceSince: orNull(day),
  plannedStart: orNull(day),
  plannedFinish: orNull(day),
  startedOn: orNull(day),
  cutOverOn: orNull(day),
  retiredOn: orNull(day),
  state,
})

const parts = Object.entries<Readonly<Record<string, Check>>>({
  name: {
    ar: text(nameCharactersMax, /[\u0621-\u064a]/u, 'Arabic'),
    en: text(nameCharactersMax, /[A-Za-z]/u, 'Latin'),
  },
  source: { environment: id, hosts },
  target: { environment: id, hosts },
  blocked: { reason: text(reasonCharactersMax), since: day },
})

/** Whether a value is a day of the calendar within the limits, such as `2026-04-01`. */
export function isDay(value: unknown): value is Day {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  if (value < firstDay || value > lastDay) return false
  const [year = 0, month = 0, day = 0] = value.split('-').map(Number)
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const length = month === 2 && isLeap ? 29 : monthDays[month - 1]
  return length !== undefined && day >= 1 && day <= length
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** What is wrong with each field by itself, of whatever it was that somebody sent. */
export function fieldProblems(asked: unknown): FieldProblem[] {
  if (!isRecord(asked)) return [{ field: 'workload', message: 'must be an object' }]
  const problems: FieldProblem[] = []
  const look = (field: string, message: string | null) => {
    if (message !== null) problems.push({ field, message })
  }
  for (const [field, check] of fields) look(field, check(asked[field]))
  for (const [field, checks] of parts) {
    const value = asked[field]
    if (value === null && field !== 'name') continue
    if (!isRecord(value)) {
      look(field, `must have ${Object.keys(checks).join(' and ')}`)
      continue
    }
    for (const [part, check] of Object.entries(checks)) {
      look(`${field}.${part}`, check(value[part]))
    }
  }
  return problems
}

function hosts(value: unknown): string | null {
  const words = `must be a list of at most ${hostsMax} names of agents, each once`
  if (!Array.isArray(value) || value.length > hostsMax) return words
  return new Set(value).size === value.length && value.every((each) => id(each) === null)
    ? null
    : words
}
