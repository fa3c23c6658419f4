import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { temporaryFolder } from '../support/folder.ts'
import { rootDir } from '../support/processes.ts'
import { mustSkip } from '../support/programs.ts'

const folder = temporaryFolder()
const at = (path: string) => join(rootDir, 'deploy', path)
const text = (path: string) => readFileSync(at(path), 'utf8')
/** What each is called where it is tested: Debian has another name for one. */
const programs = { prometheus: 'prometheus', alertmanager: 'prometheus-alertmanager' } as const
type Program = keyof typeof programs
const names = Object.keys(programs) as Program[] // its own keys
const unitFile = (name: Program) => `systemd/istimrar-${name}.service`

afterAll(() => folder[Symbol.dispose]())

test.skipIf(mustSkip('yamllint'))('yamllint has nothing to say about what is deployed', () => {
  const rules = `
    extends: default
    rules:
      braces: {max-spaces-inside: 1}
      comments-indentation: disable
      document-start: disable
      line-length: {max: 120}`
  const said = execFileSync('yamllint', ['--strict', '-d', rules, at('.')], { encoding: 'utf8' })
  expect(said).toBe('')
})

describe.skipIf(mustSkip('systemd-analyze'))('the units beside the collector', () => {
  test.each([...names, 'backup'])('istimrar-%s is exposed by 2.0 at most', (name) => {
    const args = ['security', '--offline=true', at(`systemd/istimrar-${name}.service`)]
    const said = execFileSync('systemd-analyze', args, { encoding: 'utf8' })
    expect(Number(/exposure level for \S+: ([\d.]+)/.exec(said)![1])).toBeLessThanOrEqual(2)
  })

  test.each(names.filter((name) => !mustSkip(programs[name])))('istimrar-%s is a unit', (name) => {
    const unit = folder.file(`istimrar-${name}.service`)
    writeFileSync(unit, text(unitFile(name)).replace(`=${name} `, `=${programs[name]} `))
    const said = execFileSync('systemd-analyze', ['verify', unit], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    expect(said).toBe('')
  })

  test('a backup is made every hour by the command that the page on operations names', () => {
    const files = ['istimrar-backup.service', 'istimrar-backup.timer']
    for (const name of files) cpSync(at(`systemd/${name}`), folder.file(name))
    const said = execFileSync('systemd-analyze', ['verify', folder.file(files[1]!)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    expect(said).toBe('')
    const [, script] = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(text(`systemd/${files[0]}`))!
    const shown = script!.replace('exec /usr/lib/istimrar-collector/node', 'echo')
    const command = execFileSync('sh', ['-c', shown.replaceAll('%%', '%')], {
      encoding: 'utf8',
      env: { ...process.env, STATE_DIRECTORY: '/var/lib/istimrar-backups' },
    })
    expect(command).toMatch(
      /main\.mjs backup \/var\/lib\/istimrar-backups\/\d{4}-\d\d-\d\dT\d{6} --keep 48\n$/,
    )
  })
})

/** How the unit starts it, and how compose.yaml does. */
function commandsOf(name: Program): [string, string[]][] {
  const [, line] = new RegExp(`^ExecStart=${name} (.*)$`, 'm').exec(text(unitFile(name)))!
  const composed = parse(text('compose.yaml')).services[name].command as string[]
  const plain = composed.map((each) => each.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'))
  return [
    ['unit', line!.split(' ')],
    ['compose', plain],
  ]
}

/** Asks what the health check of compose.yaml asks; a request stands for the image's wget. */
async function askHealth(name: Program, address: string): Promise<void> {
  const asked = parse(text('compose.yaml')).services[name].healthcheck.test.at(-1) as string
  const answer = await fetch(asked.replace(/127\.0\.0\.1:\d+/, address))
  expect(answer.status).toBe(200)
}

describe.each(names)('a real %s', (name) => {
  test.skipIf(mustSkip(programs[name])).each(commandsOf(name))(
    'takes the command line of the %s, starts and ends',
    async (kind, command) => {
      const settings = folder.file(`${name}-${kind}`)
      if (name === 'prometheus') cpSync(at('prometheus'), settings, { recursive: true })
      const config = name === 'prometheus' ? join(settings, 'prometheus.yml') : `${settings}.yml`
      const minimal = 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n'
      if (name === 'alertmanager') writeFileSync(config, minimal)
      const data = folder.file(`${name}-${kind}-data`)
      const args = command
        .map((each) => each.replace(/^(--config\.file)=.*/, `$1=${config}`))
        .map((each) => each.replace(/^(--storage\.(?:tsdb\.)?path)=.*/, `$1=${data}`))
        .filter((each) => !each.startsWith('--web.listen-address'))
      const child = spawn(programs[name], [...args, '--web.listen-address=127.0.0.1:0'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      const lines: string[] = []
      let address = ''
      await new Promise<void>((ready, fail) => {
        createInterface({ input: child.stderr }).on('line', (line) => {
          lines.push(line)
          address = /msg="?Listening on"? address=(\S+)/.exec(line)?.[1] ?? address
          // What each says last of a start.
          if (/Server is ready|TLS is disabled.*\d$/.test(line) && address) ready()
        })
        child.once('exit', () => fail(new Error(`${name} ended:\n${lines.join('\n')}`)))
      })
      await askHealth(name, address)
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      expect((await ended)[0], lines.join('\n')).toBe(0)
    },
  )
})
