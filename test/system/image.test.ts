import { type ChildProcess, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { temporaryFolder } from '../support/folder.ts'
import { Builder, innermost } from '../support/image.ts'
import { rootDir, until } from '../support/processes.ts'
import { mustSkip } from '../support/programs.ts'
import { type Prometheus, startPrometheus } from '../support/prometheus.ts'

/** The number in the Dockerfile and in compose.yaml. */
const user = 10_001
const at = (path: string) => join(rootDir, 'deploy', path)

describe.skipIf(['buildah', 'prometheus', 'openssl'].some(mustSkip))(
  'the image, built by buildah',
  () => {
    const folder = temporaryFolder()
    const settings = folder.file('settings')
    const builder = new Builder(folder.path)
    const { services } = parse(readFileSync(at('compose.yaml'), 'utf8'))
    const image = 'localhost/istimrar-collector'
    let container: string
    let prometheus: Prometheus | undefined
    let serving: ChildProcess | undefined

    beforeAll(() => {
      const packages = folder.file('packages')
      const wanted = ['--fast', '--only', 'tar', '--program', 'collector', '--arch', 'x64']
      const main = at('package/main.ts')
      execFileSync(process.execPath, [main, ...wanted, '--out', packages], { stdio: 'pipe' })
      // Unpacked here: what buildah itself uses for that takes ten times as long.
      const archive = readdirSync(packages).find((name) => name.endsWith('.tar.xz'))!
      execFileSync('xz', ['--decompress', join(packages, archive)])
      builder.base('localhost/base')
      const given = ['BASE=localhost/base', `ARCHIVE=${archive.replace('.xz', '')}`]
      const how = ['--isolation', 'chroot', '--format', 'docker']
      const set = given.flatMap((each) => ['--build-arg', each])
      builder.run('bud', ...how, ...set, '--tag', image, '--file', at('Dockerfile'), packages)
      container = builder.run('from', image).trim()
      mkdirSync(settings)
      for (const name of ['register.yaml', 'policy.yaml']) {
        cpSync(at(`examples/${name}`), join(settings, name))
      }
      const names = ['-subj', '/CN=istimrar', '-addext', 'subjectAltName=DNS:istimrar.example.om']
      const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
      const files = ['-keyout', folder.file('key'), '-out', folder.file('crt')]
      execFileSync('openssl', ['req', '-x509', ...kind, ...names, ...files], { stdio: 'pipe' })
      secret('collector.crt', readFileSync(folder.file('crt'), 'utf8'))
      secret('collector.key', readFileSync(folder.file('key'), 'utf8'))
      secret('metrics.token', 'a-token-for-the-metrics')
    })
    afterAll(async () => {
      await prometheus?.stop()
      if (serving && serving.exitCode === null) {
        process.kill(innermost(serving.pid!), 'SIGKILL')
        await once(serving, 'exit')
      }
      if (container) builder.run('rm', container)
      folder[Symbol.dispose]()
    })

    /** As docs/deploy.md wants them: root's, readable for the group of the containers. */
    function secret(name: string, content: string): void {
      const file = join(settings, name)
      writeFileSync(file, content)
      chownSync(file, 0, user)
      chmodSync(file, 0o640)
    }

    /** What compose.yaml gives the collector, as far as there is no engine: mounts, environment. */
    function asComposed(): string[] {
      const { environment, secrets } = services.collector
      const mounts = [
        ...secrets.map((name: string) => `${join(settings, name)}:/run/secrets/${name}:ro`),
        ...['register.yaml', 'policy.yaml'].map(
          (name) => `${join(settings, name)}:/etc/istimrar/${name}:ro`,
        ),
      ]
      const set = Object.entries({ ...environment, PORT: '0' }).map(([name, value]) => [
        '--env',
        `${name}=${value}`,
      ])
      return [...mounts.flatMap((each) => ['--volume', each]), ...set.flat(), container, '--']
    }

    test('is nobody of importance, keeps its data in volumes, knows whether it is well', () => {
      const { OCIv1, Docker } = JSON.parse(builder.run('inspect', '--type', 'image', image))
      expect(OCIv1.config).toMatchObject({
        User: `${user}:${user}`,
        Entrypoint: ['istimrar-collector'],
        Cmd: ['serve'],
        StopSignal: 'SIGTERM',
        Volumes: { '/backups': {}, '/var/lib/istimrar-collector': {} },
      })
      const { version } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8'))
      expect(OCIv1.config.Labels).toMatchObject({ 'org.opencontainers.image.version': version })
      expect(Docker.config.Healthcheck.Test).toEqual(services.collector.healthcheck.test)
      const inside = builder.run(
        ...['run', '--isolation', 'chroot', container, '--', 'stat', '-c', '%u %g %a'],
        ...['/var/lib/istimrar-collector', '/backups'],
      )
      expect(inside).toBe(`${user} ${user} 700\n`.repeat(2))
    })

    test('serves what compose.yaml sets, is scraped with its Prometheus file, stops on SIGTERM', async () => {
      const child = builder.start(...asComposed(), 'istimrar-collector', 'serve')
      serving = child
      let said = ''
      for (const stream of [child.stdout!, child.stderr!]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text
        })
      }
      const listening = /Board: https:\/\/\S+?:(\d+)\//
      await until(
        async () => said,
        (text) => listening.test(text) || child.exitCode !== null,
        180_000,
      )
      const [, port] = listening.exec(said) ?? []
      expect(port, said).toBeDefined()

      const [, ...asked] = services.collector.healthcheck.test
      expect(builder.run('run', '--isolation', 'chroot', ...asComposed(), ...asked)).toBe('ok\n')
      const backup = ['istimrar-collector', 'backup', '/backups/first']
      builder.run('run', '--isolation', 'chroot', ...asComposed(), ...backup)

      const config = readFileSync(at('containers/prometheus.yml'), 'utf8')
        .replaceAll('/run/secrets', settings)
        .replace('collector:8443', `127.0.0.1:${port}`)
        .replace('rules/*.yml', at('prometheus/rules/*.yml'))
        .replaceAll('15s', '1s')
      prometheus = await startPrometheus({ targets: [], dir: folder.path, more: parse(config) })
      await prometheus.waitFor('up{job="istimrar"} == 1', (series) => series.length === 1)
      await prometheus.waitFor('istimrar_institutions_target', (series) => series.length === 1)

      const ended = once(child, 'exit')
      process.kill(innermost(child.pid!), 'SIGTERM')
      expect((await ended)[0], said).toBe(0)
      // Nothing healthy is left to ask.
      expect(() => builder.run('run', '--isolation', 'chroot', ...asComposed(), ...asked)).toThrow(
        'The collector is not running',
      )
    })
  },
)
