import { describe, expect, test } from 'vitest'
import { clockFact, spanSeconds } from '../../../agent/facts/clock.ts'
import type { FrozenCheck } from '../../../agent/frozen.ts'
import type { Observation } from '../../../protocol/check.ts'
import { fakeFactHost } from '../../support/fact-host.ts'
import { readFact } from '../../support/read-fact.ts'

/** The columns of `man chronyc`, tracking; its own example, as -c prints it. */
const chrony =
  'CB00710F,203.0.113.15,3,1485514536.000000000,-0.000006523,-0.000006747,0.000035822,3.225,-0.000,0.129,0.013639022,0.001100737,64.2,Normal\n'
const lost =
  '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised\n'
const alone = chrony.replace('CB00710F,203.0.113.15', '7F7F0101,')

/** Printed by systemd 247 on PicOS (its documentation, NTP). */
const timesyncd = `       Server: 80.249.145.122 (0.debian.pool.ntp.org)
Poll interval: 8min 32s (min: 32s; max 34min 8s)
         Leap: normal
      Version: 4
      Stratum: 2
    Reference: 596DFB18
    Precision: 1us (-23)
Root distance: 38.803ms (max: 5s)
       Offset: -5.086ms
        Delay: 273.384ms
       Jitter: 10month 2w 1d 13h 28min 23.169258s
 Packet count: 17
    Frequency: -0.870ppm
`
const silent =
  '       Server: (null) (0.debian.pool.ntp.org)\nPoll interval: 0 (min: 32s; max 34min 8s)\n Packet count: 0\n'
/** `man ntpq`, rv. */
const ntpq =
  'associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,\nleap=00, stratum=3, offset=+1.250\n'

const commands = {
  chrony: 'chronyc -c tracking',
  timesyncd: 'timedatectl timesync-status',
  ntpq: 'ntpq -n -c rv 0 leap,stratum,offset',
}
const check = { check: 'clock', kind: 'clock', intervalMs: 60_000, timeoutMs: 1_000, settings: {} }

describe('clock', () => {
  test.each<[string, Record<string, string>, Observation | null, object]>([
    ['chrony', { [commands.chrony]: chrony }, null, { value: 0.000006523, method: 'chrony' }],
    [
      'timesyncd',
      { [commands.timesyncd]: timesyncd },
      null,
      { value: 0.005086, method: 'timesyncd' },
    ],
    ['ntpd', { [commands.ntpq]: ntpq }, null, { value: 0.00125, method: 'ntpq' }],
    [
      'chrony without a source',
      { [commands.chrony]: lost },
      null,
      { missing: 'not_known', method: 'chrony', detail: 'chrony: not synchronised' },
    ],
    ['chrony that follows itself', { [commands.chrony]: alone }, null, { missing: 'not_known' }],
    [
      'timesyncd without an answer',
      { [commands.timesyncd]: silent },
      null,
      { missing: 'not_known', method: 'timesyncd' },
    ],
    [
      'ntpd without a source',
      { [commands.ntpq]: ntpq.replace('stratum=3', 'stratum=16').replace('leap=00', 'leap=11') },
      null,
      { missing: 'not_known', method: 'ntpq' },
    ],
    [
      'the agent asks itself then',
      { [commands.chrony]: lost },
      { state: 'degraded', value: -2.5 },
      { value: 2.5, method: 'ntp-check', detail: 'chrony: not synchronised' },
    ],
    [
      'the check without an answer',
      {},
      { state: 'degraded', reason: 'timeout' },
      { missing: 'no_tool' },
    ],
    [
      'a local tool goes before the check',
      { [commands.chrony]: chrony },
      { state: 'up', value: 9 },
      { method: 'chrony' },
    ],
    ['nothing', {}, null, { value: null, missing: 'no_tool', method: 'ntp' }],
    [
      'nonsense',
      {
        [commands.chrony]: '506 Cannot talk to daemon',
        [commands.timesyncd]: 'x',
        [commands.ntpq]: '',
      },
      null,
      { missing: 'no_tool' },
    ],
  ])('%s', async (_name, said, looked, expected) => {
    const checks = looked ? [check as unknown as FrozenCheck] : []
    const host = fakeFactHost({ said, config: { checks, facts: { everyMs: 1, exclude: [] } } })
    const told = await readFact(clockFact, { ...host, look: async () => looked! })
    expect(told['clock.offset_seconds']).toMatchObject(expected)
  })

  test.each<[string, number | null]>([
    ['1.541ms', 0.001541],
    ['517us', 0.000517],
    ['7.493693s', 7.493693],
    ['1min 2.5s', 62.5],
    ['10month 2w 1d 13h', 10 * 2_629_800 + 2 * 604_800 + 86_400 + 13 * 3_600],
    ['0', 0],
    ['5 parsecs', null],
    ['', null],
  ])('a span of systemd: %s', (text, expected) => {
    expect(spanSeconds(text)).toEqual(expected === null ? null : expect.closeTo(expected, 9))
  })
})
