import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { settings } from '../../collector/config.ts'
import { rootDir } from '../support/processes.ts'

const text = (path: string) => readFileSync(join(rootDir, 'deploy', path), 'utf8')
const yaml = (path: string) => parse(text(path), { merge: true })
const compose = yaml('compose.yaml')
const names = ['alertmanager', 'collector', 'grafana', 'prometheus'] as const
const services = names.map((name) => ({ name, service: compose.services[name] }))
const version = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')).version as string

/** What compose makes of a text without a file .env. */
const withDefaults = (value: string) => value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')

describe('compose.yaml', () => {
  test('a linter for it, which knows its schema, has nothing to say', () => {
    const dclint = join(rootDir, 'node_modules/.bin/dclint')
    const { stdout, status } = spawnSync(dclint, ['-f', 'json', 'deploy/compose.yaml'], {
      cwd: rootDir,
      encoding: 'utf8',
    })
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ messages: [] })])
    expect(status).toBe(0)
  })

  test('holds the four programs', () => {
    expect(Object.keys(compose.services)).toEqual(names)
  })

  test.each(services)('$name can do little and is watched', ({ service }) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
      pids_limit: expect.any(Number),
      mem_limit: expect.stringMatching(/\d[mg]\b/),
      user: expect.stringMatching(/^[1-9]\d*:\d+$/),
      healthcheck: { test: expect.arrayContaining(['CMD']), retries: expect.any(Number) },
      logging: { options: { 'max-size': '10m' } },
    })
    // A version of three parts, not a name that moves.
    expect(withDefaults(service.image)).toMatch(/:v?\d+\.\d+\.\d+$/)
  })

  test.each(services)('$name mounts what is in the repository, read-only', ({ service }) => {
    for (const mount of service.volumes.map(withDefaults)) {
      const [from, to, mode] = mount.split(':')
      if (from.startsWith('/') || from.startsWith('.')) expect(mode, mount).toBe('ro')
      else expect(Object.keys(compose.volumes), mount).toContain(from)
      if (/^\.\.?\/(?!alertmanager)/.test(from))
        expect(existsSync(join(rootDir, 'deploy', from)), mount).toBe(true)
      expect(to).toMatch(/^\//)
    }
    for (const name of service.secrets ?? []) expect(compose.secrets).toHaveProperty([name])
  })

  test('only the collector is reached from other machines; Prometheus reaches none', () => {
    const published = services.flatMap(({ service }) => service.ports ?? [])
    expect(published).toEqual(['0.0.0.0:443:8443', '127.0.0.1:3000:3000'])
    expect(compose.networks.inside).toEqual({ internal: true })
    expect(compose.services.prometheus.networks).toEqual(['inside'])
  })

  test('the collector gets settings that there are', () => {
    const { environment, image } = compose.services.collector
    for (const name of Object.keys(environment)) expect(Object.keys(settings)).toContain(name)
    expect(image).toBe(`istimrar-collector:${version}`)
  })

  test('every setting stands in the example with its default, and no other does', () => {
    const used = [...text('compose.yaml').matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(
      ([, name, value]) => `${name}=${value}`,
    )
    const said = text('containers/example.env').match(/^\w+=.*$/gm)
    expect(said?.toSorted()).toEqual([...new Set(used)].toSorted())
  })
})

describe('Dockerfile', () => {
  const file = text('Dockerfile')

  test('unpacks the archive of this version', () => {
    expect(file).toContain(`ARG ARCHIVE=istimrar-collector-${version}-linux-x64.tar.xz\n`)
    expect(file).toContain(`image.version="${version}"`)
  })

  test('ends as a user who is a number, the one of compose.yaml', () => {
    const { user } = compose.services.collector
    expect(file.match(/^USER .*$/gm)).toEqual([`USER ${user}`])
  })

  test('starts the collector with settings that there are', () => {
    const [environment] = /^ENV (?:.*\\\n)*.*$/m.exec(file) ?? []
    const set = [...environment!.matchAll(/(\w+)=/g)].map(([, name]) => name)
    const others = ['NODE_COMPILE_CACHE']
    for (const name of set) expect([...Object.keys(settings), ...others]).toContain(name)
  })
})

describe('the files for containers differ from those for one host only in addresses', () => {
  test('Prometheus', () => {
    const { alerting, scrape_configs, remote_read, ...rest } = yaml('containers/prometheus.yml')
    const plain = yaml('prometheus/prometheus.yml')
    const { global, rule_files } = plain
    expect(rest).toMatchObject({ global, rule_files })
    const [job] = scrape_configs
    expect(job).toMatchObject({ job_name: plain.scrape_configs[0].job_name, scheme: 'https' })
    const target = `collector:${compose.services.collector.environment.PORT}`
    expect(job.static_configs).toEqual([{ targets: [target] }])
    // One collector, believed and asked in one way.
    const { tls_config, authorization } = job
    expect(remote_read).toEqual([
      expect.objectContaining({
        ...{ url: `https://${target}/api/v1/prom/read`, tls_config, authorization },
        required_matchers: { history: 'evidence' },
      }),
    ])
    expect(alerting.alertmanagers).toEqual([
      { static_configs: [{ targets: ['alertmanager:9093'] }] },
    ])
    // Secrets that compose.yaml hands to it.
    const files = [job.tls_config.ca_file, job.authorization.credentials_file]
    const given = compose.services.prometheus.secrets.map((name: string) => `/run/secrets/${name}`)
    expect(files).toEqual(given)
  })

  test('data source of Grafana', () => {
    const plain = text('grafana/provisioning/datasources/istimrar.yaml')
    const own = plain.replace('http://localhost:9090', 'http://prometheus:9090')
    expect(own).not.toBe(plain)
    expect(text('containers/grafana-datasource.yaml')).toBe(own)
  })

  test('settings of Grafana', () => {
    const unit = text('systemd/grafana-server.service.d/istimrar.conf')
    const set = [...unit.matchAll(/^Environment=(GF_\w+)=(.*)$/gm)].map(([, name, value]) => [
      name,
      value,
    ])
    const { environment } = compose.services.grafana
    for (const [name, value] of set) {
      if (name !== 'GF_SERVER_HTTP_ADDR') expect(environment[name!], name).toBe(value)
    }
    expect(set.length).toBeGreaterThan(5)
  })
})

test('every dashboard folder that Grafana is told of is filled', () => {
  const { providers } = yaml('grafana/provisioning/dashboards/istimrar.yaml')
  const [mount] = compose.services.grafana.volumes.filter((each: string) => /generated/.test(each))
  const [from, to] = mount.split(':')
  for (const { options } of providers) {
    expect(options.path.startsWith(`${to}/`)).toBe(true)
    const folder = join(rootDir, 'deploy', options.path.replace(to, from))
    expect(globSync('*.json', { cwd: folder }).length).toBeGreaterThan(0)
  }
})
