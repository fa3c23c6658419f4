import { expect, test } from 'vitest'
import { proposeClock } from '../../../agent/discover/time-server.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { fakeSystem } from '../../support/fake-system.ts'

const shownDefault = '[Time]\n#NTP=\n#FallbackNTP=0.debian.pool.ntp.org 1.debian.pool.ntp.org\n'

test.each<[string, Record<string, string>, object]>([
  [
    'chrony',
    { 'etc/chrony/chrony.conf': '# server no\nconfdir x\n  pool 2.debian.pool.ntp.org iburst\n' },
    { server: '2.debian.pool.ntp.org' },
  ],
  [
    'chrony, with a port',
    { 'etc/chrony.conf': 'server 10.0.0.5 iburst port 1123\n' },
    { server: '10.0.0.5', port: 1_123 },
  ],
  [
    'chrony, from a file beside it',
    { 'etc/chrony/chrony.conf': '', 'etc/chrony/sources.d/a.sources': 'server ntp.example\n' },
    { server: 'ntp.example' },
  ],
  [
    'ntpd, past its local clock',
    { 'etc/ntp.conf': 'server 127.127.1.0\nserver ntp.example prefer\n' },
    { server: 'ntp.example' },
  ],
  ['OpenNTPD', { 'etc/openntpd/ntpd.conf': 'servers ntp.example\n' }, { server: 'ntp.example' }],
  [
    'timesyncd',
    { 'etc/systemd/timesyncd.conf': '[Time]\nFallbackNTP=b.example\nNTP= a.example c.example\n' },
    { server: 'a.example' },
  ],
  [
    'timesyncd, by a drop-in',
    {
      'etc/systemd/timesyncd.conf': '[Time]\nNTP=b.example\n',
      'etc/systemd/timesyncd.conf.d/site.conf': '[Time]\nNTP=a.example\n',
    },
    { server: 'a.example' },
  ],
  [
    'timesyncd, from the network',
    { 'etc/systemd/timesyncd.conf': shownDefault, 'run/systemd/netif/state': 'NTP=10.0.0.5\n' },
    { server: '10.0.0.5' },
  ],
  [
    'timesyncd, as it is delivered',
    { 'etc/systemd/timesyncd.conf': shownDefault, 'run/systemd/timesync/synchronized': '' },
    { server: '0.debian.pool.ntp.org' },
  ],
])('the time server of %s', async (_name, files, settings) => {
  const proposal = await proposeClock(fakeSystem(fakeRoot(files)))
  expect(proposal).toMatchObject({ kind: 'clock', interval: '5m', settings })
  expect(proposal.declined).toBeUndefined()
})

test.each<[string, Record<string, string>]>([
  ['no configuration', {}],
  ['timesyncd that does not run', { 'etc/systemd/timesyncd.conf': shownDefault }],
  ["a cloud's metadata service", { 'etc/chrony.conf': 'server metadata.google.internal iburst\n' }],
  ['a line that is no name', { 'etc/chrony.conf': 'server "a b"\n' }],
])('is left to people with %s', async (_name, files) => {
  const proposal = await proposeClock(fakeSystem(fakeRoot(files)))
  expect(proposal).toMatchObject({ kind: 'clock', declined: true })
})
