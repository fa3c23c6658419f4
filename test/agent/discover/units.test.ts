import { expect, test } from 'vitest'
import { proposeUnits } from '../../../agent/discover/units.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { fakeSystem } from '../../support/fake-system.ts'
import { fakeSystemd } from '../../support/fake-systemd.ts'

test('proposes well-known services that run, and declines what nothing starts', async () => {
  const root = fakeSystemd({
    groups: {
      'system.slice/nginx.service': true,
      'system.slice/mariadb.service': false,
      'system.slice/ministry-secret.service': true,
      'system.slice/redis-server.service': true,
      'system.slice/system-postgresql.slice/postgresql@16-main.service': true,
    },
    files: {
      'etc/systemd/system/multi-user.target.wants/nginx.service': '',
      'run/systemd/generator/postgresql.service.wants/postgresql@16-main.service': '',
    },
  })
  expect(await proposeUnits(fakeSystem(root))).toMatchObject([
    { name: 'service-nginx', settings: { unit: 'nginx' } },
    { name: 'service-postgresql-16-main', settings: { unit: 'postgresql@16-main' } },
    { name: 'service-redis-server', declined: true },
  ])
})

test('proposes none without systemd, and none elsewhere than on Linux', async () => {
  const root = fakeRoot({})
  expect(await proposeUnits(fakeSystem(root))).toEqual([])
  expect(await proposeUnits(fakeSystem(root, { platform: 'win32' }))).toEqual([])
})
