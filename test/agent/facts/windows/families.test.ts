import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factsOf } from '../../../../agent/facts/all.ts'
import { type FactProbe, Missing } from '../../../../agent/facts/fact.ts'
import { faultOf } from '../../../../agent/facts/reading.ts'
import { upsFactAt } from '../../../../agent/facts/ups.ts'
import { automationOnWindows } from '../../../../agent/facts/windows/automation.ts'
import { clockOnWindows } from '../../../../agent/facts/windows/clock.ts'
import { diskOnWindows } from '../../../../agent/facts/windows/disk.ts'
import { endpointProtectionOnWindows } from '../../../../agent/facts/windows/endpoint-protection.ts'
import { firewallOnWindows } from '../../../../agent/facts/windows/firewall.ts'
import { hardeningOnWindows } from '../../../../agent/facts/windows/hardening.ts'
import { healthOnWindows } from '../../../../agent/facts/windows/health.ts'
import { osOnWindows } from '../../../../agent/facts/windows/os.ts'
import { platformOnWindows } from '../../../../agent/facts/windows/platform.ts'
import { rebootsOnWindows } from '../../../../agent/facts/windows/reboots.ts'
import { nextSecondTuesday, updatesOnWindows } from '../../../../agent/facts/windows/updates.ts'
import { fromBattery, upsOnWindowsWith } from '../../../../agent/facts/windows/ups.ts'
import type { WindowsReport } from '../../../../agent/facts/windows.ts'
import { indicatorNames } from '../../../../protocol/indicators.ts'
import { dayMs } from '../../../../protocol/time.ts'
import { fakeFactHost } from '../../../support/fact-host.ts'
import { type RecordedHost, windowsReport } from '../../../support/windows-report.ts'

type Changes = Partial<WindowsReport>
type Row = readonly [RecordedHost, Changes, Readonly<Record<string, unknown>>]

/** Values by indicator, or why there is none; every reading must be one that may be sent. */
async function tellsOf(family: FactProbe, name: RecordedHost, changes: Changes = {}) {
  const report = windowsReport(name, changes)
  const host = fakeFactHost({ platform: 'win32', report })
  try {
    const readings = await family.measure(host)
    expect(readings.map(faultOf).filter((fault) => fault !== null)).toEqual([])
    expect(readings.map(({ indicator }) => indicator).toSorted()).toEqual(
      family.indicators.toSorted(),
    )
    return Object.fromEntries(
      readings.map(({ indicator, value, missing }) => [indicator, missing ?? round(value)]),
    )
  } catch (error) {
    const { reason } = error as { reason: string } // Missing
    return Object.fromEntries(family.indicators.map((indicator) => [indicator, reason]))
  }
}

const round = (value: unknown) =>
  typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value

function check(name: string, family: FactProbe, rows: readonly Row[]) {
  describe(name, () => {
    test.each(rows)('%s %j', async (host, changes, expected) => {
      expect(await tellsOf(family, host, changes)).toEqual(expected)
    })
    test('where it may not be asked, it says so', async () => {
      const denied = { error: 'access_denied' } as const
      const names = Object.keys(windowsReport('server-2022'))
      const all = Object.fromEntries(names.map((each) => [each, denied]))
      const told = await tellsOf(family, 'server-2022', all as Changes) // each section
      // What asks the loopback first finds nobody there.
      const reason = family === upsUnheard ? 'no_tool' : 'no_permission'
      expect(new Set(Object.values(told))).toEqual(new Set([reason]))
    })
  })
}

/** On port 1 nobody answers. */
const upsUnheard = upsOnWindowsWith(upsFactAt({ nut: 1, apcupsd: 1 }))
const recent = { ok: { oldestAt: '2026-09-29T00:00:00.000Z', list: [] } }
const denied = { error: 'access_denied' } as const
const gone = { error: 'not_there' } as const

check('disk', diskOnWindows, [
  ['server-2022', {}, { 'disk.free_ratio': 0.08, 'disk.days_to_full': 'too_early' }],
  ['windows-11', {}, { 'disk.free_ratio': 0.5, 'disk.days_to_full': 'too_early' }],
  [
    'windows-11',
    { volumes: { ok: { list: [{ id: 'C:', fileSystem: '', bytes: null, freeBytes: null }] } } },
    { 'disk.free_ratio': 'unreadable', 'disk.days_to_full': 'unreadable' },
  ],
])

test('a volume fills at the pace of its samples', async () => {
  const today = Math.floor(1_790_812_800_000 / dayMs)
  const samples = Array.from({ length: 10 }, (_, i) => [today - 10 + i, 5e11 + i * 1e10] as const)
  const host = fakeFactHost({
    platform: 'win32',
    report: windowsReport('windows-11'),
    history: { usage: { cpu: {}, memory: {} }, volumes: { 'C:\\': samples } },
  })
  const [, days] = await diskOnWindows.measure(host)
  expect(days?.value).toBeCloseTo(25.55)
})

check('health', healthOnWindows, [
  ['server-2022', {}, { 'disk.healthy': 'virtual_machine' }],
  ['server-2022', { virtualDisks: { ok: { list: [{ health: 0 }] } } }, { 'disk.healthy': true }],
  ['server-2022', { virtualDisks: { ok: { list: [{ health: 2 }] } } }, { 'disk.healthy': false }],
  ['server-2016', {}, { 'disk.healthy': 'no_tool' }],
  ['windows-11', {}, { 'disk.healthy': true }],
  ['windows-11', { smart: { ok: { list: [{ failing: true }] } } }, { 'disk.healthy': false }],
  ['windows-11', { disks: disksOf(0, 1) }, { 'disk.healthy': false }],
  ['windows-11', { disks: disksOf(0, 5) }, { 'disk.healthy': 'not_known' }],
  ['windows-11', { disks: disksOf() }, { 'disk.healthy': 'no_such_hardware' }],
  ['arabic-server', {}, { 'disk.healthy': 'no_permission' }],
  ['arabic-server', { disks: disksOf(0) }, { 'disk.healthy': 'in_cloud' }],
])

check('os', osOnWindows, [
  ['server-2022', {}, os('Microsoft Windows Server 2022 Standard Evaluation', 1_840)],
  ['server-2016', {}, os('Microsoft Windows Server 2016 Standard', 104)],
  ['windows-11', {}, os('Microsoft Windows 11 Enterprise', 41)],
  ['windows-11', windows(22_631, 'Professional'), os('Microsoft Windows 11 Enterprise', -323)],
  ['windows-11', windows(19_045, 'Professional'), os('Microsoft Windows 11 Enterprise', -351)],
  ['windows-11', windows(19_044, 'EnterpriseS'), os('Microsoft Windows 11 Enterprise', 104)],
  // 10 1809 is not in the table but for its long-term channel: it ended before 10 22H2 did.
  ['windows-11', windows(17_763, 'Professional'), os('Microsoft Windows 11 Enterprise', -351)],
  [
    'windows-11',
    windows(99_999, 'Professional'),
    os('Microsoft Windows 11 Enterprise', 'not_known'),
  ],
  // By number, whatever its name is in Arabic; a domain controller is a server.
  ['arabic-server', {}, os('مايكروسوفت ويندوز سيرفر 2019 Standard', 832)],
])

check('updates', updatesOnWindows, [
  ['server-2022', {}, updates(0, 0)],
  // Installed 16 July: the update of 11 August is the first it lacks, not that of September.
  ['windows-11', {}, updates(1, 51)],
  ['windows-11', { hotfixes: denied }, updates(1, 22.292)],
  [
    'windows-11',
    { hotfixes: { ok: { list: [{ installedOn: '16/7/2026' }] } } },
    updates(1, 22.292),
  ],
  // It answers "none", but last looked 20 months ago.
  ['server-2016', {}, updates('not_known', 'not_known')],
  ['server-2022', { updates: gone }, updates('not_supported', 'not_supported')],
])

test.each([
  ['2026-07-16', '2026-08-11'],
  ['2026-08-10', '2026-08-11'],
  ['2026-08-11', '2026-09-08'],
  ['2026-12-30', '2027-01-12'],
])('the second Tuesday after %s is %s', (after, expected) => {
  expect(nextSecondTuesday(Date.parse(after))).toBe(Date.parse(expected))
})

check('reboots', rebootsOnWindows, [
  ['server-2022', {}, reboots(1, Date.parse('2026-09-18T19:29:02.000Z'))],
  ['server-2016', {}, reboots(0, 'not_known')],
  // The power failed: the last orderly end was of the boot before.
  ['windows-11', {}, reboots(1, Date.parse('2026-09-01T18:00:00.000Z'))],
  [
    'server-2022',
    {
      events: events(
        [41, '2026-09-01'],
        [41, '2026-03-01'],
        [6008, '2026-09-02'],
        [1074, '2026-09-03'],
      ),
    },
    reboots(2, 'not_known'),
  ],
  ['server-2016', { events: events([41, '2026-09-30']) }, reboots(1, 'not_known')],
  ['server-2016', { events: recent }, reboots('too_early', 'not_known')],
  ['arabic-server', {}, reboots('no_permission', 'no_permission')],
])

check('firewall', firewallOnWindows, [
  // The public profile is off, but the host is in a domain only.
  ['server-2022', {}, { 'firewall.on': true }],
  ['server-2022', { firewall: firewall({ current: 4 }) }, { 'firewall.on': false }],
  ['server-2022', { firewall: firewall({ running: false }) }, { 'firewall.on': false }],
  // On, but it lets in what no rule allows.
  ['server-2016', {}, { 'firewall.on': false }],
  ['windows-11', {}, { 'firewall.on': true }],
  ['windows-11', { firewall: gone }, { 'firewall.on': 'not_supported' }],
])

check('endpoint protection', endpointProtectionOnWindows, [
  ['server-2022', {}, protection(true, 1.5)],
  ['server-2016', {}, protection(false, 'not_known')],
  ['windows-11', {}, protection(true, 'no_tool')],
  ['server-2016', { services: services(['SentinelAgent', 4]) }, protection(true, 'no_tool')],
  ['server-2016', { services: services(['SentinelAgent', 1]) }, protection(false, 'not_known')],
  ['server-2016', { services: services(['AVP21.3', 4]) }, protection(true, 'no_tool')],
  ['server-2016', { services: services(['klnagent', 4]) }, protection(false, 'not_known')],
  ['server-2016', { defender: gone }, protection('not_supported', 'not_supported')],
  // Known only by its Arabic name, on and up to date.
  ['arabic-server', {}, protection(true, 'no_tool')],
])

check('clock', clockOnWindows, [
  ['server-2022', {}, { 'clock.offset_seconds': 1.669 }],
  ['server-2022', { time: time({ offset: '-0,0034012s' }) }, { 'clock.offset_seconds': 0.003 }],
  ['server-2022', { time: time({ offset: '؟' }) }, { 'clock.offset_seconds': 'unreadable' }],
  [
    'server-2022',
    { time: time({ at: '2026-09-29T00:00:00.000Z' }) },
    { 'clock.offset_seconds': 'not_known' },
  ],
  ['server-2016', {}, { 'clock.offset_seconds': 'not_known' }],
  ['windows-11', {}, { 'clock.offset_seconds': 'not_known' }],
])

test('where the time service does not tell, ntpd is asked as elsewhere', async () => {
  const said = { 'ntpq -n -c rv 0 leap,stratum,offset': 'leap=00, stratum=3, offset=-12.5\n' }
  const report = windowsReport('windows-11')
  const host = fakeFactHost({ platform: 'win32', report, said })
  expect(await clockOnWindows.measure(host)).toMatchObject([{ value: 0.0125, method: 'ntpq' }])
})

check('hardening', hardeningOnWindows, [
  ['server-2022', {}, hardening(true, 'virtual_machine', true)],
  ['server-2016', {}, hardening(false, false, false)],
  ['windows-11', {}, hardening(true, true, true)],
  ['windows-11', { encryption: drives([null]) }, hardening(true, 'not_known', true)],
  ['windows-11', { encryption: drives([5]) }, hardening(true, false, true)],
  ['windows-11', { encryption: drives([6, 2]) }, hardening(true, true, true)],
  ['arabic-server', {}, hardening('no_permission', 'no_permission', 'no_permission')],
])

check('automation', automationOnWindows, [
  ['server-2022', {}, { 'automation.managed': true }],
  ['server-2016', {}, { 'automation.managed': false }],
  ['server-2016', { policies: { ok: { domain: 2 } } }, { 'automation.managed': true }],
  ['windows-11', {}, { 'automation.managed': true }],
])

check('platform', platformOnWindows, [
  ['server-2022', {}, platform('virtual_machine', 'none', 'none', 'vmware')],
  ['server-2016', {}, platform(8.6, 'none', 'none', 'physical')],
  // It is on a hypervisor of its own.
  ['windows-11', {}, platform(3.3, 'none', 'none', 'physical')],
  ['arabic-server', {}, platform('in_cloud', 'azure', 'not_known', 'hyper-v')],
  [
    'windows-11',
    { machine: made('Amazon EC2', 'm5.large') },
    platform('in_cloud', 'aws', 'not_known', 'kvm'),
  ],
  [
    'windows-11',
    { machine: made('QEMU', 'Standard PC') },
    platform('virtual_machine', 'none', 'none', 'kvm'),
  ],
  [
    'windows-11',
    { machine: made('Microsoft Corporation', 'Surface Pro') },
    platform(3.3, 'none', 'none', 'physical'),
  ],
])

check('ups, where none answers on the loopback', upsUnheard, [
  ['server-2016', {}, { 'ups.runtime_minutes': 42 }],
  ['server-2022', {}, { 'ups.runtime_minutes': 'virtual_machine' }],
  ['arabic-server', {}, { 'ups.runtime_minutes': 'in_cloud' }],
])

test.each<[RecordedHost, Changes, unknown]>([
  ['server-2016', {}, 42],
  ['server-2022', {}, 'no_tool'],
  // A notebook's own battery is no supply of a server.
  ['windows-11', {}, 'no_tool'],
  [
    'server-2016',
    { batteries: { ok: { list: [{ status: 2, minutes: 71_582_788 }] } } },
    'not_known',
  ],
  ['arabic-server', {}, 'no_tool'],
])('ups: %s %j', (name, changes, expected) => {
  const { value, missing } = fromBattery(windowsReport(name, changes))
  expect(missing ?? value).toBe(expected)
})

test('no reading tells a drive, a path, a server of time or an owner', async () => {
  const families = [diskOnWindows, firewallOnWindows, automationOnWindows, hardeningOnWindows]
  for (const name of ['server-2022', 'server-2016', 'windows-11'] as const) {
    const host = fakeFactHost({ platform: 'win32', report: windowsReport(name) })
    const readings = await Promise.all(
      [...families, rebootsOnWindows].map((each) => each.measure(host)),
    )
    expect(JSON.stringify(readings)).not.toMatch(/[A-Z]:\\|time\.windows|S-1-5-21/)
  }
})

function os(name: unknown, days: unknown) {
  return { 'os.name': name, 'os.support_left_days': days }
}

function windows(build: number, edition: string): Changes {
  return { os: { ok: { ...okOf('windows-11', 'os'), build, edition } } }
}

test('every indicator has its family on Windows, and none has two', () => {
  const families = Object.values(factsOf('win32'))
  const all = families.flatMap(({ indicators }) => indicators)
  expect(all.toSorted()).toEqual(indicatorNames.toSorted())
})

test('whichever sections are missing, a family has readings that may be sent, or says why', async () => {
  const errors = ['access_denied', 'not_there', 'failed', 'unreadable'] as const
  const names = Object.keys(windowsReport('server-2022'))
  const hosts = ['server-2022', 'server-2016', 'windows-11', 'arabic-server'] as const
  const quiet = fakeFactHost({ platform: 'win32' })
  const gaps = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...errors))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...hosts), gaps, async (name, missing) => {
      const changes = Object.entries(missing).map(([section, error]) => [section, { error }])
      const report = windowsReport(name, Object.fromEntries(changes))
      const host = { ...quiet, windows: async () => report }
      for (const family of ofWindows) {
        const readings = await family.measure(host).catch((error: unknown) => {
          if (!(error instanceof Missing)) throw error
          return []
        })
        expect(readings.map(faultOf).filter((fault) => fault !== null)).toEqual([])
      }
    }),
  )
})

const ofWindows = [
  ...[automationOnWindows, clockOnWindows, diskOnWindows, endpointProtectionOnWindows],
  ...[firewallOnWindows, hardeningOnWindows, healthOnWindows, osOnWindows, platformOnWindows],
  ...[rebootsOnWindows, updatesOnWindows],
]
function updates(pending: unknown, days: unknown) {
  return { 'updates.security_pending': pending, 'updates.security_oldest_days': days }
}

function reboots(count: unknown, shutdown: unknown) {
  return { 'host.unplanned_reboots': count, 'host.shutdown': shutdown }
}

function protection(on: unknown, age: unknown) {
  return { 'endpoint_protection.on': on, 'endpoint_protection.signatures_age_days': age }
}

function hardening(access: unknown, encrypted: unknown, boot: unknown) {
  return {
    'hardening.access_control': access,
    'hardening.disk_encrypted': encrypted,
    'hardening.secure_boot': boot,
  }
}

function platform(age: unknown, cloud: unknown, region: unknown, virtualisation: unknown) {
  return {
    'platform.age_years': age,
    'platform.cloud': cloud,
    'platform.cloud_region': region,
    'platform.virtualisation': virtualisation,
  }
}

function disksOf(...health: number[]): WindowsReport['disks'] {
  return { ok: { list: health.map((each) => ({ bus: 17, media: 4, health: each })) } }
}

function services(...list: (readonly [string, number])[]): WindowsReport['services'] {
  return { ok: { list: list.map(([name, state]) => ({ name, state })) } }
}

function drives(protections: readonly (number | null)[]): WindowsReport['encryption'] {
  const list = protections.map((protection, index) => ({ system: index === 0, protection }))
  return { ok: { list } }
}

function events(...list: (readonly [number, string])[]): WindowsReport['events'] {
  const dated = list.map(([id, day]) => ({ id, at: `${day}T00:00:00.000Z` }))
  return { ok: { oldestAt: '2026-01-01T00:00:00.000Z', list: dated } }
}

type Ok<K extends keyof WindowsReport> = Extract<WindowsReport[K], { ok: unknown }>['ok']

function okOf<K extends keyof WindowsReport>(name: RecordedHost, section: K): Ok<K> {
  const told = windowsReport(name)[section]
  if (!('ok' in told)) throw new Error(`${name} tells nothing of ${section}.`)
  return told.ok as Ok<K> // narrowed just above
}

function firewall(changes: Partial<Ok<'firewall'>>): WindowsReport['firewall'] {
  return { ok: { ...okOf('server-2022', 'firewall'), ...changes } }
}

function time(changes: Partial<NonNullable<Ok<'time'>['status']>>): WindowsReport['time'] {
  const told = okOf('server-2022', 'time')
  if (!told.status) throw new Error('It tells no status.')
  return { ok: { ...told, status: { ...told.status, ...changes } } }
}

function made(manufacturer: string, model: string): WindowsReport['machine'] {
  return { ok: { ...okOf('windows-11', 'machine'), manufacturer, model } }
}
