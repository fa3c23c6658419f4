import { expect, test } from 'vitest'
import type {
  ObservedEnvironment,
  ObservedInstitution,
} from '../../../../collector/kpi/migration/observation.ts'
import type { EvaluationReader } from '../../../../collector/store/store.ts'
import { dayMs, dayOf, hourMs } from '../../../../protocol/time.ts'
import {
  MovingNation,
  movingStart,
  Observer,
  registersOf,
  workloadOf,
} from '../../../support/moving-nation.ts'

const onPremises = { 'platform.cloud': 'none', 'platform.virtualisation': 'vmware' }
const inCloud = { 'platform.cloud': 'own-cloud', 'platform.cloud_region': 'muscat-1' }
const place = (environment: string, ...hosts: string[]) => ({ environment, hosts })

function health(observed: ReadonlyMap<string, ObservedInstitution>): ObservedInstitution {
  return observed.get('health')!
}

/** Hosts of an environment with their days: the index of each since the start, and what was told. */
function shown({ hosts }: ObservedEnvironment): string[] {
  return hosts.map(({ name, status, days }) => {
    const told = days.map(({ day, cloud, region, virtualisation }) => {
      const index = (day - dayOf(movingStart)) / dayMs
      return `${index} ${[cloud, region, virtualisation].map((each) => each ?? '-').join(' ')}`
    })
    return `${name} ${status}: ${told.join(', ')}`
  })
}

function environments(observed: ReadonlyMap<string, ObservedInstitution>) {
  return Object.fromEntries(health(observed).environments.map((each) => [each.id, shown(each)]))
}

test('hosts by environment, with what each told on the UTC days that had ended', async () => {
  await using nation = await new MovingNation().open()
  await nation.enrol('hall/web-1')
  await nation.enrol('hall/db-1')
  await nation.enrol('cloud/web-1')
  const observer = new Observer(nation.reader())
  await nation.pass(3, { 'hall/web-1': onPremises, 'cloud/web-1': inCloud })
  // At 20:00 UTC the UTC day of it has not ended; days with checks alone are days all the same.
  await nation.deliver('hall/db-1', {})
  expect(environments(await observer.read(nation.clock.at))).toEqual({
    cloud: ['web-1 active: 0 - - -, 1 own-cloud muscat-1 -, 2 own-cloud muscat-1 -'],
    hall: [
      'db-1 active: 0 - - -, 1 - - -, 2 - - -',
      'web-1 active: 0 - - -, 1 none - vmware, 2 none - vmware',
    ],
    spare: [],
  })
})

test('what a revoked agent told is told by the one that takes its name; else it stays', async () => {
  await using nation = await new MovingNation().open()
  await nation.enrol('hall/web-1')
  await nation.enrol('hall/web-2')
  const observer = new Observer(nation.reader())
  await nation.pass(2, { 'hall/web-1': onPremises, 'hall/web-2': onPremises })
  await observer.read(nation.clock.at)
  await nation.revoke('hall/web-1')
  await nation.revoke('hall/web-2')
  const before = health(await observer.read(nation.clock.at))
  const agent = await nation.enrol('hall/web-1')
  await nation.pass(2, { 'hall/web-1': inCloud })
  const after = health(await observer.read(nation.clock.at))
  expect(shown(before.environments[1]!)).toEqual([
    'web-1 revoked: 0 - - -, 1 none - vmware',
    'web-2 revoked: 0 - - -, 1 none - vmware',
  ])
  expect(shown(after.environments[1]!)).toEqual([
    'web-1 active: 0 - - -, 1 none - vmware, 2 none - vmware, 3 own-cloud muscat-1 -',
    'web-2 revoked: 0 - - -, 1 none - vmware, 2 none - vmware',
  ])
  expect(after.environments[1]!.hosts[0]!.agent).toBe(agent)
})

test('a silence that was observed is broken by checks that come late', async () => {
  await using nation = await new MovingNation().open()
  await nation.enrol('hall/web-1')
  await nation.wait(3 * dayMs)
  const observer = new Observer(nation.reader())
  const days = async () => environments(await observer.read(nation.clock.at)).hall
  expect(await days()).toEqual(['web-1 active: '])
  await nation.deliver('hall/web-1', {})
  expect(await days()).toEqual(['web-1 active: 0 - - -, 1 - - -, 2 - - -'])
})

test('who was revoked after the reference was active at it, by what it sent since', async () => {
  await using nation = await new MovingNation().open()
  await nation.enrol('hall/web-1')
  await nation.enrol('hall/web-2')
  await nation.pass(2, { 'hall/web-1': onPremises, 'hall/web-2': onPremises })
  await nation.wait(hourMs)
  await nation.deliver('hall/web-2', {})
  await nation.revoke('hall/web-1')
  await nation.revoke('hall/web-2')
  const observer = new Observer(nation.reader())
  const statuses = async () => {
    const { hosts } = health(await observer.read(nation.clock.at)).environments[1]!
    return hosts.map(({ status }) => status)
  }
  expect(await statuses()).toEqual(['revoked', 'active'])
  await nation.wait(dayMs)
  expect(await statuses()).toEqual(['revoked', 'revoked'])
})

test('an agent that enrolled after the reference is no host yet, nor is a later environment', async () => {
  await using nation = await new MovingNation().open()
  await nation.enrol('hall/web-1')
  await nation.pass(2, { 'hall/web-1': onPremises })
  await nation.enrol('hall/web-2')
  const now = nation.clock.at + hourMs
  const observer = new Observer(nation.reader())
  const names = (observed: ReadonlyMap<string, ObservedInstitution>) =>
    health(observed).environments[1]!.hosts.map(({ name }) => name)
  expect(names(await observer.read(now))).toEqual(['web-1'])
  await nation.wait(dayMs)
  expect(names(await observer.read(now + dayMs))).toEqual(['web-1', 'web-2'])
})

test('an environment that left the register tells since when, and what it told stays', async () => {
  await using nation = await new MovingNation().open()
  await nation.enrol('spare/web-1')
  await nation.pass(2, { 'spare/web-1': onPremises })
  const observer = new Observer(nation.reader())
  const inScope = health(await observer.read(nation.clock.at)).environments[2]!
  await nation.leave('spare')
  const left = nation.clock.at
  await nation.wait(2 * dayMs)
  const after = health(await observer.read(nation.clock.at)).environments[2]!
  expect([inScope.isInScope, inScope.outOfScopeSince]).toEqual([true, null])
  expect([after.id, after.isInScope, after.outOfScopeSince]).toEqual(['spare', false, left])
  const days = '0 - - -, 1 none - vmware, 2 none - vmware'
  expect(shown(after)).toEqual([`web-1 active: ${days}`])
})

test('continuity is of 30 days before the day of the cut over and 90 after it, both whole', async () => {
  await using nation = await new MovingNation().open()
  await nation.enrol('hall/web-1')
  await nation.enrol('cloud/web-1')
  /** Local days, by the nation's own count, on which each place was down for so many hours. */
  const down: Record<string, Record<number, number>> = {
    hall: { 4: 24, 5: 3, 34: 6, 35: 24 },
    cloud: { 35: 24, 36: 9, 125: 9, 126: 24 },
  }
  for (let day = 0; day < 128; day++) {
    await nation.wait(dayMs)
    for (const at of ['hall', 'cloud']) {
      await nation.deliver(`${at}/web-1`, {}, (down[at]![day] ?? 0) * hourMs)
    }
  }
  // Local day 35 of a nation that began with 2 November.
  const cut = workloadOf({ cutOverOn: '2026-12-07' })
  const elsewhere = workloadOf({
    ...cut,
    id: 'w-2',
    source: place('ghost'),
    target: place('spare'),
  })
  const uncut = workloadOf({ id: 'w-3' })
  const ended = nation.clock.at
  const observer = new Observer(nation.reader())
  const of = async (at: number) => {
    const { workloads } = health(await observer.read(ended, [cut, elsewhere, uncut], at))
    return [...workloads.values()].map(({ before, after }) =>
      [before, after].map((each) => each && `${each.low.percent} ${each.coverage.percent}`),
    )
  }
  const percent = (hours: number, days: number) => (100 - (100 * hours) / (24 * days)).toFixed(3)
  const floor = (hours: number, days: number) => percent(hours, days).slice(0, -1)
  const none = [null, null]
  const before = `${floor(9, 30)} 100.00`
  expect(await of(ended)).toEqual([[before, `${floor(18, 90)} 100.00`], [null, null], none])
  const nine = movingStart + (36 + 9) * dayMs
  expect(await of(nine)).toEqual([[before, `${floor(9, 9)} 100.00`], none, none])
  // On the morning after the cut over no whole day has passed since.
  expect(await of(movingStart + 36 * dayMs)).toEqual([[before, null], none, none])
})

test('data points are of the hosts that are named, by what they told in the last week', async () => {
  await using nation = await new MovingNation().open()
  const told = {
    ...onPremises,
    ...{ 'os.support_left_days': 3, 'cpu.used_p95_ratio': 0.5, 'memory.used_p95_ratio': 0.4 },
    ...{ 'backup.age_seconds': 86_400, 'updates.security_oldest_days': 2 },
  }
  for (const host of ['web-1', 'web-2']) await nation.enrol(`hall/${host}`)
  await nation.pass(2, { 'hall/web-1': told, 'hall/web-2': {} })
  const all = [
    workloadOf({ id: 'all' }),
    workloadOf({ id: 'one', source: place('hall', 'web-1', 'ghost') }),
    workloadOf({ id: 'silent', source: place('hall', 'web-2') }),
    workloadOf({ id: 'none', source: place('spare') }),
  ]
  const observer = new Observer(nation.reader())
  const points = async () => {
    const { workloads } = health(await observer.read(nation.clock.at, all))
    return [...workloads].map(([id, each]) => {
      const hosts = Map.groupBy(each.points, ({ host }) => host)
      const shown = [...hosts].map(([host, own]) => {
        return `${host} ${own.map(({ isGood }) => (isGood === null ? '?' : isGood ? 'y' : 'n')).join('')}`
      })
      return [id, ...shown].join(', ')
    })
  }
  await nation.wait(hourMs)
  expect(await points()).toEqual([
    'all, web-1 yyyyy, web-2 ?????',
    'one, web-1 yyyyy, ghost ?????',
    'silent',
    'none',
  ])
  // The support ends and the backup ages, though nothing is told any more; then all of it is old.
  await nation.wait(6 * dayMs)
  expect((await points())[1]).toBe('one, web-1 nyyyy, ghost ?????')
  await nation.wait(2 * dayMs)
  expect((await points())[1]).toBe('one')
})

/** A reader that counts what is asked of it. */
function counted(reader: EvaluationReader) {
  const asked: string[] = []
  const watched = new Proxy(reader, {
    get: (target, name: keyof EvaluationReader) => {
      if (['factDays', 'timelines', 'checks'].includes(name)) asked.push(name)
      return target[name]
    },
  })
  return { watched, asked }
}

test('a round with nothing new reads nothing and answers the same objects', async () => {
  await using nation = await new MovingNation().open()
  await nation.enrol('hall/web-1')
  await nation.enrol('cloud/web-1')
  const hosts = { 'hall/web-1': onPremises, 'cloud/web-1': inCloud }
  await nation.pass(3, hosts)
  await nation.collector.evaluate()
  const { watched, asked } = counted(nation.reader())
  const observer = new Observer(watched)
  const workloads = [workloadOf({ cutOverOn: '2026-11-03' })]
  const before = await observer.read(nation.clock.at, workloads)
  const registers = registersOf(workloads)
  const at = movingStart + 3 * dayMs
  const basis = await observer.prepare(nation.clock.at + hourMs)
  // Another register that says the same, then the same one.
  expect(await observer.observe(basis, at, registers)).toBe(before)
  asked.length = 0
  expect(await observer.observe(basis, at, registers)).toBe(before)
  expect(asked).toEqual([])
  await nation.deliver('hall/web-1', onPremises)
  const told = await observer.prepare(nation.clock.at + hourMs)
  asked.length = 0
  expect(await observer.observe(told, at, registers)).toBe(before)
  // Of the hall alone; on the day of its enrolment its host told no facts.
  expect(asked).toEqual(['factDays', 'factDays', 'timelines', 'checks'])
  const more = registersOf([...workloads, workloadOf({ id: 'w-2' })])
  const after = health(await observer.observe(told, at, more))
  expect(after.environments).toEqual(health(before).environments)
  expect([...after.workloads.keys()]).toEqual(['w-1', 'w-2'])
})
