import { expect, test } from 'vitest'
import type { Evaluated } from '../../../../collector/evaluate/build-snapshot.ts'
import type { Evaluator } from '../../../../collector/evaluate/evaluator.ts'
import { MirroredEvaluation, newsOf } from '../../../../collector/evaluate/snapshot-news.ts'
import type { SnapshotReadiness } from '../../../../collector/kpi/readiness/result.ts'
import { loadDefaultModel } from '../../../../collector/model/read-model.ts'
import type { Reader } from '../../../../collector/store/sqlite/sqlite.ts'
import { dayMs, dayOf, hourMs, minuteMs } from '../../../../protocol/time.ts'
import { ReadyNation, usualFacts } from '../../../support/ready-nation.ts'

async function scored(evaluator: Evaluator, now: number): Promise<SnapshotReadiness> {
  return (await evaluator.evaluate(now))!.snapshot.readiness!
}

/** When figures tell of the last delivery, and its days are saved. */
async function settled(nation: ReadyNation): Promise<number> {
  const now = await nation.settle()
  await nation.collector.evaluate()
  return now
}

/** What every unit of an institution is worth by, as `metric place: status value-or-reason`. */
async function measures(evaluator: Evaluator, institution: string): Promise<string[]> {
  const { indicators } = (await evaluator.readiness.detail(institution))!
  return indicators.flatMap(({ metric, units }) =>
    units.map(({ environment, host, measure: { status, value, reason } }) => {
      const place = [environment, host && 'host'].filter(Boolean).join('/') || 'itself'
      const known = typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value
      return `${metric} ${place}: ${status} ${known ?? reason}`
    }),
  )
}

test('every metric of a real nation, by what its agents told and its register says', async () => {
  await using nation = await new ReadyNation().open()
  await nation.pass(8)
  await nation.pass(1, ['http', 'journey'])
  const evaluator = nation.evaluator()
  const { institutions, nation: all } = await scored(evaluator, await nation.settle())
  expect(await measures(evaluator, 'health')).toMatchInlineSnapshot(`
    [
      "os.support_left_days portal/host: measured 400",
      "os.support_left_days staff: missing no_agent",
      "disk.free_ratio portal/host: measured 0.5",
      "disk.free_ratio staff: missing no_agent",
      "memory.used_p95_ratio portal/host: missing no_evidence",
      "memory.used_p95_ratio staff: missing no_agent",
      "cpu.used_p95_ratio portal/host: missing no_evidence",
      "cpu.used_p95_ratio staff: missing no_agent",
      "disk.days_to_full portal/host: missing no_evidence",
      "disk.days_to_full staff: missing no_agent",
      "disk.healthy portal/host: not_applicable virtual_machine",
      "disk.healthy staff: missing no_agent",
      "platform.age_years portal/host: missing no_evidence",
      "platform.age_years staff: missing no_agent",
      "host.unplanned_reboots portal/host: missing no_evidence",
      "host.unplanned_reboots staff: missing no_agent",
      "updates.security_oldest_days portal/host: missing no_evidence",
      "updates.security_oldest_days staff: missing no_agent",
      "firewall.on portal/host: measured true",
      "firewall.on staff: missing no_agent",
      "endpoint_protection.current portal/host: missing no_evidence",
      "endpoint_protection.current staff: missing no_agent",
      "tls.days_left portal/host: missing no_evidence",
      "tls.days_left staff: missing no_agent",
      "tls.modern_only portal/host: missing no_evidence",
      "tls.modern_only staff: missing no_agent",
      "clock.offset_seconds portal/host: missing no_evidence",
      "clock.offset_seconds staff: missing no_agent",
      "hardening.applied_ratio portal/host: missing no_evidence",
      "hardening.applied_ratio staff: missing no_agent",
      "backup.age_over_rpo_ratio portal: measured 0.25",
      "backup.age_over_rpo_ratio staff: missing no_rpo",
      "backup.restore_age_days portal: missing no_evidence",
      "backup.restore_age_days staff: missing no_agent",
      "redundancy.survivable_ratio portal: measured 0",
      "redundancy.survivable_ratio staff: missing no_agent",
      "ups.runtime_minutes portal/host: missing no_evidence",
      "ups.runtime_minutes staff: missing no_agent",
      "outage.p90_over_rto_ratio portal: measured 6",
      "outage.p90_over_rto_ratio staff: missing no_rto",
      "service.success_ratio portal: measured 0.9",
      "service.success_ratio staff: not_applicable no_public_service",
      "service.response_p95_seconds portal: measured 0.28",
      "service.response_p95_seconds staff: not_applicable no_public_service",
      "journey.completion_ratio portal: measured 0.9",
      "journey.completion_ratio staff: not_applicable no_public_service",
      "remote_access.success_ratio itself: measured 1",
      "remote_access.second_factor itself: missing not_declared",
      "link.loss_p95_ratio portal: measured 0.28",
      "link.loss_p95_ratio staff: not_applicable no_check",
      "link.round_trip_p95_seconds portal: measured 0.28",
      "link.round_trip_p95_seconds staff: not_applicable no_check",
      "integration.success_ratio itself: missing no_check",
      "migration.validated_ratio itself: missing no_workloads",
      "ipv6.reachable_ratio portal/host: missing no_evidence",
      "ipv6.reachable_ratio staff: missing no_agent",
      "dns.secured_ratio portal/host: missing no_evidence",
      "dns.secured_ratio staff: missing no_agent",
      "automation.current_ratio portal/host: measured 1",
      "automation.current_ratio staff: missing no_agent",
      "register.match_ratio itself: measured 0",
      "operations.trained_staff itself: missing not_declared",
      "operations.support_contract itself: missing not_declared",
      "operations.tender_scope itself: missing not_declared",
      "operations.continuity_exercised itself: missing not_declared",
    ]
  `)
  expect(all.members).toBe(2)
  expect(institutions.health!.isEnabledMember).toBe(true)
  expect(institutions.roads!.isEnabledMember).toBe(false)
})

/** A reader that tells which environments it was asked the facts and windows of. */
function watched(reader: Reader) {
  const asked: string[] = []
  const note = (what: string, key: { institution: string; environment: string }) =>
    asked.push(`${what} ${key.institution}/${key.environment}`)
  const watching: Reader = {
    ...reader,
    facts: (key) => {
      note('facts', key)
      return reader.facts(key)
    },
    valuesOver: (key, window) => {
      note('values', key)
      return reader.valuesOver(key, window)
    },
  }
  return { watching, taken: () => asked.splice(0) }
}

test('one changed fact scores its institution again, and nothing else is read', async () => {
  await using nation = await new ReadyNation().open()
  await nation.pass(2)
  const { watching, taken } = watched(nation.reader())
  const evaluator = nation.evaluator(watching)
  await nation.settle()
  // Else it would be heard again by what follows.
  await nation.deliver('roads', usualFacts)
  await nation.collector.evaluate()
  const first = await scored(evaluator, nation.clock.at)
  expect(taken().filter((each) => each.startsWith('facts'))).toEqual([
    'facts health/portal',
    'facts health/staff',
    'facts roads/portal',
  ])
  // Nothing came.
  await nation.wait(minuteMs)
  const still = await scored(evaluator, nation.clock.at)
  expect(still).toBe(first)
  expect(taken()).toEqual([])
  // The same again: it is read, and says the same.
  await nation.deliver('roads', usualFacts)
  const same = await scored(evaluator, nation.clock.at)
  expect(same).toBe(first)
  expect(taken()).toEqual(['facts roads/portal'])
  // One fact became another.
  await nation.deliver('roads', { ...usualFacts, 'firewall.on': false })
  const changed = await scored(evaluator, nation.clock.at)
  expect(taken()).toEqual(['facts roads/portal'])
  expect(changed.institutions.health).toBe(first.institutions.health)
  expect(changed.institutions.roads).not.toBe(first.institutions.roads)
  expect(changed.nation).not.toBe(first.nation)
  expect(changed.model).toBe(first.model)
})

test('the day turns the window, and facts are read again when one of them goes stale', async () => {
  await using nation = await new ReadyNation().open()
  await nation.pass(2)
  const { watching, taken } = watched(nation.reader())
  const evaluator = nation.evaluator(watching)
  await scored(evaluator, await settled(nation))
  taken()
  const status = async () => {
    const { indicators } = (await evaluator.readiness.detail('roads'))!
    taken()
    return indicators.find(({ metric }) => metric === 'firewall.on')!.status
  }
  const told = nation.clock.at - 12 * minuteMs
  for (let day = 1; day <= 7; day++) {
    await nation.wait(dayMs)
    await scored(evaluator, nation.clock.at)
    await nation.collector.evaluate()
    expect(taken()).toEqual(['values health/portal', 'values roads/portal'])
  }
  expect(await status()).toBe('measured')
  // Figures end eleven minutes ago, and ages are looked at once an hour.
  await scored(evaluator, told + 7 * dayMs + hourMs)
  expect(taken()).toEqual([])
  await scored(evaluator, told + 7 * dayMs + hourMs + 12 * minuteMs)
  expect(taken().filter((each) => each.startsWith('facts'))).toContain('facts roads/portal')
  expect(await status()).toBe('stale')
})

test('as of a past instant only what was told by the day before counts', async () => {
  await using nation = await new ReadyNation().open()
  await nation.pass(3)
  const end = nation.clock.at
  await nation.deliver('roads', { ...usualFacts, 'firewall.on': false })
  await nation.pass(2)
  const evaluator = nation.evaluator()
  const cycle = { from: end - 3 * dayMs, to: end }
  const past = (await evaluator.evaluate(await nation.settle(), cycle, false, true))!
  const firewall = async (institution: string) => {
    const { indicators } = (await past.readiness!.detail(institution))!
    return indicators.find(({ metric }) => metric === 'firewall.on')!.units[0]!.measure
  }
  expect(await firewall('roads')).toMatchObject({
    status: 'measured',
    value: true,
    at: end - dayMs,
  })
  expect(past.snapshot.readiness!.institutions.roads!.index.low.percent).toMatch(/^\d+\.\d\d$/)
  // Asked again, later, it is the same.
  const again = (await nation.evaluator().evaluate(await nation.settle(), cycle, false, true))!
  expect(again.snapshot.readiness).toEqual(past.snapshot.readiness)
})

test('evaluating on is scoring from nothing', async () => {
  await using nation = await new ReadyNation().open()
  const evaluator = nation.evaluator()
  await scored(evaluator, nation.clock.at)
  for (const down of [[], ['http'], [], ['link', 'tcp'], []]) {
    await nation.pass(1, down)
    await scored(evaluator, nation.clock.at)
    await nation.deliver('health', { 'disk.free_ratio': 0.01 })
    const going = await scored(evaluator, await nation.settle())
    expect(going).toEqual(await scored(nation.evaluator(), nation.clock.at))
    expect(await measures(evaluator, 'health')).toEqual(
      await measures(await evaluated(nation), 'health'),
    )
  }
})

async function evaluated(nation: ReadyNation): Promise<Evaluator> {
  const evaluator = nation.evaluator()
  await scored(evaluator, nation.clock.at)
  return evaluator
}

test('another model gives other scores of the same inputs, and is stored nowhere', async () => {
  await using nation = await new ReadyNation().open()
  await nation.pass(2)
  await nation.wait(2 * hourMs)
  const evaluator = await evaluated(nation)
  const shown = evaluator.evaluated!.readiness!
  const model = loadDefaultModel()
  const other = { ...model, version: '2.0.0', targetRatio: 0.01 }
  const { before, after } = (await evaluator.readiness.whatIf(other))!
  expect(before).toBe(shown)
  expect(after.model).toBe(other)
  expect(after.institutions.health!.index.low).toEqual(shown.institutions.health!.index.low)
  expect(after.institutions.health!.index.verdict).not.toBe(
    shown.institutions.health!.index.verdict,
  )
  // Other rules on age: the facts themselves are looked at again.
  const strict = { ...other, missing: { ...model.missing, staleMeasuredDays: 0 } }
  const strictly = (await evaluator.readiness.whatIf(strict))!.after
  expect(strictly.institutions.health!.measured.percent).not.toBe(
    shown.institutions.health!.measured.percent,
  )
  expect(evaluator.evaluated!.readiness).toBe(shown)
})

test('another thread is told what changed, and puts the same together', async () => {
  await using nation = await new ReadyNation().open()
  await nation.pass(2)
  await nation.settle()
  const evaluator = nation.evaluator()
  const mirror = new MirroredEvaluation()
  let before: Evaluated | null = null
  const tell = async () => {
    await evaluator.evaluate(nation.clock.at)
    const news = structuredClone(newsOf(evaluator.evaluated!, before))
    before = evaluator.evaluated
    const { readiness } = mirror.take(news)
    expect(readiness).toEqual(before!.readiness)
    return { news: news.readiness, readiness: readiness! }
  }
  await nation.deliver('roads', usualFacts)
  const first = await tell()
  await nation.deliver('roads', { 'firewall.on': false })
  const second = await tell()
  expect(Object.keys(second.news!.scored)).toEqual(['roads'])
  expect(second.news!.model).toBeNull()
  expect(second.readiness.institutions.health).toBe(first.readiness.institutions.health)
  expect(second.readiness.model).toBe(first.readiness.model)
  await nation.wait(minuteMs)
  const third = await tell()
  expect(third.news).toBeUndefined()
  expect(third.readiness).toBe(second.readiness)
})

test('a host that is said to be in a cloud is found on premises since it first told so', async () => {
  await using nation = await new ReadyNation().open()
  const told = async (days: number, cloud: string) => {
    for (let i = 0; i < days; i++) {
      await nation.wait(dayMs)
      await nation.deliver('health', { ...usualFacts, 'platform.cloud': cloud })
    }
  }
  await told(3, 'openstack')
  const changed = nation.clock.at + dayMs
  await told(4, 'none')
  const evaluator = nation.evaluator()
  await scored(evaluator, await nation.settle())
  const found = async () => {
    const { findings } = (await evaluator.readiness.detail('health'))!
    return findings.filter(({ kind }) => kind === 'declared_cloud_measured_on_premises')
  }
  expect(await found()).toMatchObject([{ since: dayOf(changed), mayBeEarlier: false }])
  await told(1, 'openstack')
  await scored(evaluator, await nation.settle())
  expect(await found()).toEqual([])
})
