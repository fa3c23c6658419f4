import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { rootDir, until } from '../support/processes.ts'
import { has, mustSkip } from '../support/programs.ts'
import { Sandbox, whyNoSandbox } from '../support/sandbox.ts'

const folder = temporaryFolder()
const files = folder.path
const whyNot = has('dpkg-deb') ? await whyNoSandbox() : 'this is no Debian'
// In CI nothing may be left out: there it fails instead.
const isLeftOut = whyNot !== null && !process.env.CI

function make(...args: readonly string[]): string {
  const program = join(rootDir, 'deploy/package/main.ts')
  return execFileSync(process.execPath, [program, '--fast', '--out', files, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

const deb = (program: string, revision = 1) => `/mnt/istimrar-${program}_0.1.0-${revision}_*.deb`

/** What every use of dpkg, useradd, systemctl and Ansible leaves; none of it is ours. */
const bookkeeping = new RegExp(
  [
    '^/var/lib/(dpkg|apt)/',
    '^/var/cache/(apt|ldconfig|debconf)/',
    '^/var/log/',
    '^/etc/((passwd|group|shadow|gshadow|subuid|subgid)-?|[.]pwd[.]lock)$',
    '^/root/[.](ansible|rpmdb)(/|$)',
  ].join('|'),
)

const accounts = 'cat /etc/passwd /etc/group /etc/shadow /etc/gshadow'

/** What the service manager would run: the unit's own command line, as the unit's user. */
function startUnit(sandbox: Sandbox, name: string) {
  const unit = readFileSync(join(rootDir, `deploy/systemd/${name}.service`), 'utf8')
  const [, command] = /^ExecStart=(.*)$/m.exec(unit)!
  const settings = [...unit.matchAll(/^Environment=(.*)$/gm)].map(([, setting]) => setting)
  const [, file] = /^EnvironmentFile=-?(.*)$/m.exec(unit)!
  const as = `setpriv --reuid ${name} --regid ${name} --init-groups --bounding-set=-all`
  const read = `set -a; if [ -r ${file} ]; then . ${file}; fi; set +a`
  const child = sandbox.start(
    'sh',
    '-c',
    `${read}; exec ${as} env ${settings.join(' ')} ${command}`,
  )
  let said = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  return {
    said: () => said,
    says: async (pattern: RegExp) => {
      await until(
        async () => said,
        (text) => pattern.test(text) || child.exitCode !== null,
        180_000,
      )
      const found = pattern.exec(said)
      if (!found) throw new Error(`${name} never said ${pattern}:\n${said}`)
      return found
    },
    stop: async () => {
      const ended = once(child, 'exit')
      await sandbox.must(`kill -TERM $(pgrep -u ${name} -f '^/usr/lib/${name}/node')`)
      const [code] = await ended
      return code as number | null
    },
  }
}

/** Where the Authenticode signature of a Windows program ends. Source: PE format, section 4. */
function signatureEnd(program: Buffer): string {
  const optionalHeader = program.readUInt32LE(0x3c) + 24
  const table = optionalHeader + 112 + 4 * 8
  const [from, length] = [program.readUInt32LE(table), program.readUInt32LE(table + 4)]
  if (from === 0 || length === 0) return 'there is none'
  return from + length === program.length ? 'at the end' : 'before other bytes'
}

afterAll(() => folder[Symbol.dispose]())

describe.skipIf(isLeftOut)(`installed here (${whyNot ?? 'in a sandbox'})`, () => {
  let sandbox: Sandbox
  let collector: ReturnType<typeof startUnit>

  beforeAll(async () => {
    make('--only', 'deb', '--arch', 'x64')
    make('--only', 'deb', '--arch', 'x64', '--program', 'agent', '--revision', '2')
    cpSync(join(rootDir, 'deploy/examples/ansible'), join(files, 'ansible'), { recursive: true })
    sandbox = await Sandbox.open(files)
  })
  afterAll(() => sandbox?.close())

  test('the collector needs no network, starts by its unit, keeps its evidence in a purge', async () => {
    await sandbox.must(`unshare --net dpkg -i ${deb('collector')}`)
    expect(await sandbox.must('stat -c "%U %G %a" /etc/istimrar/register.yaml')).toBe(
      'root istimrar-collector 640\n',
    )
    const refused = await sandbox.shell(
      'HOST=0.0.0.0 /usr/lib/istimrar-collector/node ' +
        '/usr/lib/istimrar-collector/collector/main.mjs serve',
    )
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('TLS is needed') })

    await sandbox.must('echo PORT=0 >> /etc/istimrar/collector.env')
    collector = startUnit(sandbox, 'istimrar-collector')
    await collector.says(/Board: http:\/\/127\.0\.0\.1:\d+/)
    expect(await sandbox.must('stat -c "%U %a" /var/lib/istimrar-collector')).toBe(
      'istimrar-collector 700\n',
    )
    const token = 'istimrar-collector token --institution local --environment this-machine --uses 2'
    await sandbox.must(`umask 077; ${token} > /root/token`)
    expect(await sandbox.must('wc -c < /root/token')).toMatch(/^4[34]\n$/)
  })

  test('the agent: installed, proposed, enrolled, run, upgraded, removed, purged', async () => {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(collector.said())!
    const before = { accounts: await sandbox.must(accounts), files: sandbox.changes() }
    await sandbox.must(`unshare --net dpkg -i ${deb('agent')}`)
    expect(await sandbox.must('istimrar-agent --version')).toBe('0.1.0\n')
    const wanted = '/etc/systemd/system/multi-user.target.wants/istimrar-agent.service'
    expect(await sandbox.shell(`test -e ${wanted}`)).toMatchObject({ code: 1 })

    const said = await sandbox.must(`istimrar-agent --lang en init --collector ${url} --name web-1`)
    expect(said).toContain('/etc/istimrar/agent.yaml')
    expect(said).not.toContain('/tmp/')
    const stat = 'stat -c "%U %G %a" /etc/istimrar/agent.yaml'
    expect(await sandbox.must(stat)).toBe('root istimrar-agent 640\n')
    const again = await sandbox.shell(`istimrar-agent init --collector ${url}`)
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('--force') })

    // Root's alone: the wrapper hands it to the service's user, and takes it away again.
    expect(await sandbox.must('stat -c "%U %a" /root/token')).toBe('root 600\n')
    await sandbox.must('istimrar-agent enrol --token-file /root/token')
    expect(await sandbox.must('ls /tmp')).toBe('')
    expect(await sandbox.must(`readlink ${wanted}`)).toContain('istimrar-agent.service')
    const state = '/var/lib/istimrar-agent'
    expect(await sandbox.must(`stat -c "%U %a" ${state} ${state}/agent.key`)).toBe(
      'istimrar-agent 700\nistimrar-agent 600\n',
    )

    const agent = startUnit(sandbox, 'istimrar-agent')
    await agent.says(/The agent runs/)
    const heard = (pattern: RegExp) =>
      until(
        () => sandbox.must('istimrar-agent status'),
        (text) => pattern.test(text),
        180_000,
      )
    await heard(/message [1-9]/)
    expect(await agent.stop()).toBe(0)

    await sandbox.must('echo "# mine" >> /etc/istimrar/agent.yaml')
    await sandbox.must(`dpkg -i ${deb('agent', 2)}`)
    expect(await sandbox.must('dpkg -s istimrar-agent')).toContain('Version: 0.1.0-2\n')
    expect(await sandbox.must('tail -1 /etc/istimrar/agent.yaml')).toBe('# mine\n')
    const upgraded = startUnit(sandbox, 'istimrar-agent')
    await upgraded.says(/The agent runs/)
    await heard(/message [2-9]/)
    expect(await upgraded.stop()).toBe(0)

    await sandbox.must('dpkg -r istimrar-agent')
    expect(await sandbox.must(`ls ${state}`)).toContain('agent.key')
    expect(await sandbox.shell('ls /usr/lib/istimrar-agent')).toMatchObject({ code: 2 })
    await sandbox.must('dpkg --purge istimrar-agent')
    const left = new Set(before.files)
    expect(sandbox.changes().filter((path) => !left.has(path) && !bookkeeping.test(path))).toEqual(
      [],
    )
    expect(await sandbox.must(accounts)).toBe(before.accounts)
  })

  test.skipIf(mustSkip('ansible-playbook'))(
    'the playbook for a fleet joins a host, changes nothing when repeated, and removes it all',
    async () => {
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(collector.said())!
      const before = new Set(sandbox.changes())
      const variables = {
        ...{ istimrar_collector: url, istimrar_name: 'web-2', istimrar_version: '0.1.0-1' },
        ...{ istimrar_packages: '/mnt', istimrar_token_file: '/root/token' },
      }
      const play = async (name: string) => {
        const said = await sandbox.must(
          `cd /mnt/ansible && ansible-playbook -c local -i localhost, --skip-tags service ` +
            `-e '${JSON.stringify({ ...variables, target: 'all' })}' ${name}.yaml`,
        )
        const [, ok, changed] = / ok=(\d+) +changed=(\d+) /.exec(said)!
        return { ok: Number(ok), changed: Number(changed) }
      }
      expect((await play('install')).changed).toBeGreaterThan(3)
      expect(await sandbox.must('istimrar-agent status')).toContain('web-2')
      expect(await sandbox.must('ls /etc/istimrar')).not.toContain('token')
      expect((await play('install')).changed).toBe(0)
      const gone = await sandbox.must('istimrar-agent uninstall --yes --remove-config')
      expect(gone).toContain('/var/lib/istimrar-agent/agent.key')
      const paths = '/var/lib/istimrar-agent /etc/istimrar/agent.yaml'
      expect(await sandbox.must(`ls -d ${paths} 2>/dev/null || true`)).toBe('')
      await play('remove')
      const left = sandbox.changes().filter((path) => !before.has(path) && !bookkeeping.test(path))
      expect(left).toEqual([])
    },
  )

  test('the collector is purged, its evidence stays until somebody is sure', async () => {
    expect(await collector.stop()).toBe(0)
    await sandbox.must('istimrar-collector check-data')
    const purged = await sandbox.shell('dpkg --purge istimrar-collector')
    expect(purged).toMatchObject({ code: 0, err: expect.stringContaining('evidence') })
    const left = sandbox.changes().filter((path) => !bookkeeping.test(path))
    expect(left.filter((path) => !path.startsWith('/var/lib/istimrar-collector'))).toEqual([
      '/root/token',
    ])
    expect(left).toContain('/var/lib/istimrar-collector/collector.db')
  })
})

describe('packages that nobody installs here', () => {
  test.skipIf(['rpmbuild', 'zip', 'unzip'].some(mustSkip))(
    'rpm, archives and the archive for Windows; their checksums hold',
    async () => {
      const out = join(files, 'others')
      mkdirSync(out)
      const program = join(rootDir, 'deploy/package/main.ts')
      const args = ['--fast', '--out', out, '--arch', 'x64', '--only', 'rpm,tar,zip']
      execFileSync(process.execPath, [program, ...args], { stdio: 'ignore' })
      const names = readdirSync(out).sort()
      expect(names).toEqual([
        'SHA256SUMS',
        'istimrar-agent-0.1.0-1.x86_64.rpm',
        'istimrar-agent-0.1.0-linux-x64.tar.xz',
        'istimrar-agent-0.1.0-windows-x64.zip',
        'istimrar-collector-0.1.0-linux-x64.tar.xz',
      ])
      const sums = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: out, encoding: 'utf8' })
      expect(sums.trim().split('\n')).toHaveLength(4)

      const query = (...what: string[]) =>
        execFileSync('rpm', ['-qp', ...what, join(out, names[1]!)], { encoding: 'utf8' })
      expect(query('--requires')).toMatch(/^libatomic$/m)
      expect(query('--list')).toContain('/usr/lib/systemd/system/istimrar-agent.service')
      expect(query('--scripts')).toContain('userdel')

      // Unpack and run, from any folder.
      for (const [archive, program] of [
        [names[2]!, 'istimrar-agent'],
        [names[4]!, 'istimrar-collector'],
      ] as const) {
        execFileSync('tar', ['-xJf', join(out, archive), '-C', out])
        const own = join(out, archive.replace('.tar.xz', ''), program)
        expect(execFileSync(own, ['--version'], { encoding: 'utf8' })).toBe('0.1.0\n')
      }
      const listed = execFileSync('unzip', ['-Z1', join(out, names[3]!)], { encoding: 'utf8' })
      for (const file of ['node.exe', 'agent.cjs', 'install.ps1', 'uninstall.ps1', 'run.cmd']) {
        expect(listed).toContain(`windows-x64/${file}\n`)
      }
      execFileSync('unzip', ['-q', join(out, names[3]!), '-d', out])
      const windows = names[3]!.replace('.zip', '')
      expect(signatureEnd(readFileSync(join(out, windows, 'node.exe')))).toBe('at the end')
    },
  )
})

describe.skipIf(mustSkip('systemd-analyze'))('the units', () => {
  test.each(['istimrar-agent', 'istimrar-collector'])('%s is exposed by 2.0 at most', (name) => {
    const unit = join(rootDir, `deploy/systemd/${name}.service`)
    const said = execFileSync('systemd-analyze', ['security', '--offline=true', unit], {
      encoding: 'utf8',
    })
    const [line, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(said)!
    console.log(line)
    expect(Number(exposure)).toBeLessThanOrEqual(2)
  })
})

test.skipIf(mustSkip('ansible-playbook'))('the example of Ansible is a playbook', () => {
  const cwd = join(rootDir, 'deploy/examples/ansible')
  const said = execFileSync(
    'ansible-playbook',
    ['--syntax-check', '-i', 'inventory.yaml', 'install.yaml', 'remove.yaml'],
    { cwd, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  )
  expect(said).toContain('playbook: install.yaml')
  expect(said).toContain('playbook: remove.yaml')
})
