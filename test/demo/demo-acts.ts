import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  declarableMetrics,
  type MetricName,
  metricOf,
} from '../../collector/kpi/readiness/metrics.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { claimed } from '../simulation/move-claims.ts'
import type { Declaration } from '../simulation/nation.ts'
import { randomOf } from '../simulation/random.ts'
import { careOf } from './demo-facts.ts'
import type { DemoMove, DemoNation } from './demo-nation.ts'
import { officerOf, type People, staff } from './demo-people.ts'

/** Something that somebody does at an instant. */
export type Act = { readonly at: EpochMs; readonly what: string; do(people: People): Promise<void> }

/** When institutions say what they have, and a little later promise when it moves. */
const registeredDays = 345
const roadmapMs = 2 * hourMs
/** Some of them promise again, with what they registered since. */
const replannedMs = 150 * dayMs
/** In the same sitting they declare what no agent measures; some of it lately, and not reviewed. */
const declaredMs = 3 * hourMs
const openDays = 3

/** All that people do in the year, in order; none of it is later than its end. */
export function actsOf(demo: DemoNation): Act[] {
  const { nation, year } = demo
  const acts = [
    model(demo),
    ...demo.moves.flatMap((move) => movesActs(demo, move)),
    ...nation.institutions.flatMap(({ id }) => [
      ...declaring(demo, id),
      roadmap(demo, id, registeredOf(demo) + roadmapMs),
    ]),
    ...nation.institutions
      .filter((_, i) => i % 3 === 0)
      .map(({ id }) => roadmap(demo, id, registeredOf(demo) + replannedMs)),
    ...nation.declarations.flatMap((declaration) => {
      if (declaration.kind === 'maintenance') return maintenance(demo, declaration)
      return declaration.kind === 'dispute' ? dispute(demo, declaration) : []
    }),
  ]
  return acts.filter(({ at }) => at > year.from && at <= year.to).sort((a, b) => a.at - b.at)
}

/** Whether an environment is in the register, and will be for a while. */
function isRegistered(demo: DemoNation, institution: string, environment: string, at: EpochMs) {
  const life = demo.lives.get(`${institution}/${environment}`)
  return life !== undefined && life.from <= at && at + dayMs < life.to
}

const atOffice = 9 * hourMs

function registeredOf({ year }: DemoNation): EpochMs {
  return year.to - registeredDays * dayMs
}

function movesActs(demo: DemoNation, move: DemoMove): Act[] {
  const { institution, workload, claims, exempt, dayZero } = move
  if (workload === null) return []
  const registeredAt = registeredOf(demo)
  const shifted = { ...demo.nation, window: { from: dayZero, to: demo.year.to } }
  const timeOf = (day: number) => (day === 0 ? registeredAt : dayZero + day * dayMs + atOffice)
  // What has no source is first told of when it is there.
  const said = claims.filter(({ day }) => move.source !== null || day > 0)
  const own = said.map(({ day, state }): Act => {
    const at = Math.max(timeOf(day), registeredAt + minuteMs * day)
    return {
      ...{ at, what: `${institution}/${workload} ${state}` },
      do: async (people) => {
        const { id, target, ...rest } = claimed(shifted, { move, state, day })
        const isThere = target && isRegistered(demo, institution, target.environment, at)
        const asked = { ...rest, ...planned(demo, move), target: isThere ? target : null }
        const path = `/api/v1/institutions/${institution}/workloads/${id}`
        await people.act(officerOf(institution), 'PUT', path, { ...asked, why: 'محضر المتابعة' })
      },
    }
  })
  if (!exempt) return own
  const at = Math.max(timeOf(exempt[0]), registeredAt + dayMs)
  const expiresAt = dayZero + exempt[1] * dayMs
  if (expiresAt <= at) return own
  const exempting: Act = {
    ...{ at, what: `${institution}/${workload} exempt` },
    do: async (people) => {
      const asked = { workload, reason: 'عقد ساري المفعول', expiresAt }
      const path = `/api/v1/institutions/${institution}/exemptions`
      const { id } = await people.act<Made>(officerOf(institution), 'POST', path, asked)
      await people.act(staff.ministry, 'POST', `${path}/${id}/approve`, { why: 'اطلعنا على العقد' })
    },
  }
  return [...own, exempting]
}

type Made = { readonly id: string }

/** Plans of the nation are spread over months, some of them past. */
function planned(demo: DemoNation, { institution, workload, dayZero, claims }: DemoMove) {
  const { nation, year } = demo
  const random = randomOf(nation.seed, `plan of ${institution}/${workload}`)
  const moved = claims.find(({ state }) => state === 'cut_over' || state === 'retired')
  const start = registeredOf(demo)
  const promised = moved
    ? dayZero + (moved.day + random.whole(-20, 10)) * dayMs
    : year.to + random.whole(-25, 240) * dayMs
  const finish = Math.max(start + 5 * dayMs, promised)
  return { plannedStart: written(start), plannedFinish: written(finish) }
}

function written(at: EpochMs): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** The model that comes with the collector is proposed and approved, so that cycles freeze with it. */
function model(demo: DemoNation): Act {
  return {
    ...{ at: registeredOf(demo), what: 'readiness model' },
    do: async (people) => {
      const path = '/api/v1/models'
      const text = readFileSync(modelFile, 'utf8')
      type Proposed = { readonly mark: { readonly id: string; readonly version: string } }
      const asked = { text, why: 'محاكاة: اعتماد النموذج' }
      const { mark } = await people.act<Proposed>(staff.ministry, 'POST', path, asked)
      const approve = `${path}/${mark.id}/${mark.version}/approve`
      await people.act(staff.evaluator, 'POST', approve, { why: 'محاكاة: راجعنا النموذج' })
    },
  }
}

const modelFile = new URL('../../collector/model/readiness-1.0.0.yaml', import.meta.url)

function roadmap(demo: DemoNation, institution: string, at: EpochMs): Act {
  return {
    ...{ at, what: `${institution} roadmap` },
    do: async (people) => {
      const path = `/api/v1/institutions/${institution}/baselines`
      const startOn = written(registeredOf(demo))
      const asked = { startOn, why: 'خارطة الطريق المعتمدة' }
      const { id } = await people.act<Made>(officerOf(institution), 'POST', path, asked)
      await people.act(staff.ministry, 'POST', `${path}/${id}/approve`, { why: 'مكتملة' })
    },
  }
}

/** What no agent can measure: most of it reviewed, some refused, some still waiting. */
function declaring(demo: DemoNation, institution: string): Act[] {
  const { nation, year } = demo
  const random = randomOf(nation.seed, `declares ${institution}`)
  const care = careOf(institution, nation.seed, year.to)
  const [first] = nation.institutions.find(({ id }) => id === institution)?.environments ?? []
  const one = (metric: MetricName, value: boolean | number): Act => {
    const isOpen = random.chance(0.15)
    const isGood = random.chance(0.9)
    const at = isOpen ? year.to - openDays * dayMs : registeredOf(demo) + declaredMs
    const expiresAt = (Math.floor(at / dayMs) + random.whole(350, 364)) * dayMs
    const ofInstitution = metricOf(metric).scope === 'institution'
    const environment = ofInstitution ? null : (first?.id ?? null)
    return {
      ...{ at, what: `${institution} declares ${metric}` },
      do: async (people) => {
        if (environment && !isRegistered(demo, institution, environment, at)) return
        const path = `/api/v1/institutions/${institution}/declarations`
        const about = { kind: 'metric', metric, value }
        const evidenceSha256 = hashOf(`${institution} ${metric}`)
        const asked = { environment, about, evidenceSha256, expiresAt, detail: 'محضر محاكاة' }
        const { id } = await people.act<Made>(officerOf(institution), 'POST', path, asked)
        if (isOpen) return
        const verb = isGood ? 'verify' : 'refuse'
        const why = isGood ? 'طابق المستند' : 'المستند لا يثبت ذلك'
        await people.act(staff.evaluator, 'POST', `${path}/${id}/${verb}`, { why })
      },
    }
  }
  return declarableMetrics
    .filter(() => random.chance(0.4 + 0.6 * care))
    .map((metric) => {
      const isYes = metricOf(metric).unit === 'boolean'
      return one(metric, isYes ? random.chance(0.5 + care / 2) : random.whole(10, 200))
    })
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function onMinute(at: EpochMs): EpochMs {
  return Math.floor(at / minuteMs) * minuteMs
}

/** Asked for three days before; the ministry agrees to what is true. */
function maintenance(demo: DemoNation, asked: Declaration): Act[] {
  const { institution, environment, span, isTrue } = asked
  const at = onMinute(asked.declaredAt)
  if (!isRegistered(demo, institution, environment, at)) return []
  return [
    {
      ...{ at, what: `${institution}/${environment} maintenance` },
      do: async (people) => {
        const path = placeOf(asked, 'maintenance')
        const window = { from: onMinute(span.from), to: onMinute(span.to), why: 'تحديث الخوادم' }
        const { id } = await people.act<Made>(officerOf(institution), 'POST', path, window)
        const verb = isTrue ? 'approve' : 'refuse'
        const why = isTrue ? 'موافقة' : 'الوقت غير مناسب'
        await people.act(staff.ministry, 'POST', `${path}/${id}/${verb}`, { why })
      },
    },
  ]
}

/** The evaluator grants what is true; what was contested in the last days waits. */
function dispute(demo: DemoNation, asked: Declaration): Act[] {
  const { institution, environment, span, isTrue } = asked
  const at = onMinute(span.to) + 2 * dayMs
  const from = onMinute(span.from)
  if (!isRegistered(demo, institution, environment, from)) return []
  if (!isRegistered(demo, institution, environment, at)) return []
  return [
    {
      ...{ at, what: `${institution}/${environment} dispute` },
      do: async (people) => {
        const path = placeOf(asked, 'disputes')
        const claim = { state: 'up', cause: null } as const
        const to = onMinute(span.to)
        const evidenceSha256 = hashOf(`${institution} ${from}`)
        const why = 'كان الفحص خاطئًا'
        const body = { from, to, claim, evidenceSha256, why }
        const { id } = await people.act<Made>(officerOf(institution), 'POST', path, body)
        if (at > demo.year.to - 12 * dayMs) return
        const granting = { granted: { from, to, ...claim }, why: 'المستند يثبت ذلك' }
        const refusing = { why: 'لا يوجد ما يثبت ذلك' }
        const verb = isTrue ? 'grant' : 'refuse'
        const decided = isTrue ? granting : refusing
        await people.act(staff.evaluator, 'POST', `${path}/${id}/${verb}`, decided)
      },
    },
  ]
}

function placeOf({ institution, environment }: Declaration, what: string): string {
  return `/api/v1/institutions/${institution}/environments/${environment}/${what}`
}
