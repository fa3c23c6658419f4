import { expect, test } from 'vitest'
import { facts } from '../../../agent/facts/all.ts'
import { noHistory } from '../../../agent/facts/history.ts'
import { measureFacts } from '../../../agent/facts/measure.ts'
import { configOf } from '../../support/checks.ts'
import { closedPort } from '../../support/closed-port.ts'
import { type FactHostParts, fakeFactHost } from '../../support/fact-host.ts'

const mark = 'CANARY'

/** A host on which every name that someone gave carries the mark. */
async function marked(): Promise<FactHostParts> {
  const port = await closedPort()
  const mountinfo = [
    `27 1 0:30 / / rw - zfs ${mark}pool/root rw`,
    `28 27 254:16 / /srv/${mark} rw - xfs /dev/mapper/${mark} rw`,
    '',
  ]
  return {
    files: {
      'proc/self/mountinfo': mountinfo.join('\n'),
      'proc/mdstat': `md${mark} : active raid1 sdb1[1] sda1[0]\n  10 blocks [2/1] [U_]\n`,
      [`proc/spl/kstat/zfs/${mark}/state`]: 'DEGRADED\n',
      [`sys/fs/btrfs/${mark}/devinfo/1/missing`]: '1\n',
      'proc/1/comm': 'systemd\n',
      'proc/2/comm': `${mark}\n`,
      'proc/3/comm': 'clamd\n',
      'proc/3/cmdline': `clamd\0--${mark}`,
      'etc/ufw/ufw.conf': `ENABLED=yes\n# ${mark}\n`,
      'etc/default/ufw': `DEFAULT_INPUT_POLICY="${mark}"\n`,
      'etc/hostname': `${mark}\n`,
      [`srv/${mark}/db.dump`]: mark,
      [`proof/${mark}`]: mark,
    },
    said: {
      'nft -j list ruleset': JSON.stringify({ nftables: [{ table: { name: mark } }] }),
      'freshclam --version': `ClamAV 1.4.6-${mark}/27469/Thu Oct  1 00:00:00 2026\n`,
      'chronyc -c tracking': `CB00710F,${mark}.example.om,3,1.0,0.5,0,0,0,0,0,0,0,64,Normal\n`,
    },
    history: { ...noHistory, volumes: { [`/srv/${mark}`]: [[20_000, 1]] } },
    config: configOf(
      ['http', { url: `https://${mark}.localhost:${port}/${mark}` }],
      ['tls', { host: '127.0.0.1', port, serverName: `${mark}.local` }],
      ['backup', { path: `/srv/${mark}`, restoreProof: '/proof' }],
      ['backup', { path: `/gone/${mark}` }],
    ),
  }
}

test('what leaves this host of its facts names nothing that people named, and no path or address', async () => {
  const host = fakeFactHost(await marked())
  const readings = await measureFacts(facts, host, {
    timer: () => () => {},
    warn: () => {},
  })
  expect(readings.length).toBeGreaterThan(20)
  for (const { permission: _, ...sent } of readings) {
    const text = JSON.stringify(sent)
    expect(text).not.toContain(mark)
    expect(text).not.toMatch(/\/(srv|proc|sys|etc|var|dev)\b|\d+\.\d+\.\d+\.\d+|example\.om/)
  }
})
