import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { closedPort } from '../../support/closed-port.ts'
import { has } from '../../support/programs.ts'
import { type Mix, type Targets, watchedFiles, watchedFolders, watchedPrograms } from './targets.ts'

/** An agent of another project that runs beside ours. */
export type Peer = {
  readonly pid: number
  /** One cycle of its work, as like that of the mix as it can. Throws when it does not answer. */
  cycle(mix: Mix): Promise<void>
  stop(): Promise<void>
}

const readyMsMax = 15_000

/** node_exporter with the collectors it has by default; a cycle is a scrape. Null: not installed. */
export async function nodeExporter(): Promise<Peer | null> {
  const program = 'prometheus-node-exporter'
  if (!has(program)) return null
  const port = await closedPort()
  const child = spawn(program, [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
  const agent = new Agent({ keepAlive: true })
  const cycle = async () => {
    const asked = request({ agent, host: '127.0.0.1', port, path: '/metrics' })
    asked.end()
    const [response] = await once(asked, 'response')
    const page = await buffer(response)
    if (response.statusCode !== 200 || page.length < 1_000) throw new Error('No metrics.')
  }
  await ready(child, program, cycle)
  return { pid: child.pid!, cycle, stop: () => stop(child) }
}

/** Twenty passive items, as near to our checks of the mix as it has them. */
function itemsOf(mix: Mix, { http, tls, tcp }: Targets['ports']): string[] {
  const tcpItem = `net.tcp.port[127.0.0.1,${tcp}]`
  if (mix === 'host') {
    return [
      ...['agent.ping', 'system.cpu.util[]', 'vm.memory.size[pavailable]'],
      ...watchedFolders.map((path) => `vfs.fs.size[${path},pfree]`),
      ...watchedPrograms.map((program) => `proc.num[${program}]`),
      ...watchedFiles.map((path) => `vfs.file.time[${path},modify]`),
      ...[tcpItem, tcpItem],
    ]
  }
  return [
    'agent.ping',
    'system.cpu.util[]',
    'vm.memory.size[pavailable]',
    'vfs.fs.size[/,pfree]',
    'vfs.fs.size[/usr,pfree]',
    'vfs.fs.size[/var,pfree]',
    'proc.num[init]',
    'system.cpu.load[all,avg1]',
    'net.if.in[lo]',
    `web.page.get[127.0.0.1,/,${http}]`,
    `web.page.get[127.0.0.1,/health,${http}]`,
    `web.page.regexp[127.0.0.1,/login,${http},works]`,
    `net.tcp.service[http,127.0.0.1,${http}]`,
    `net.tcp.service[https,127.0.0.1,${tls}]`,
    `net.tcp.service.perf[tcp,127.0.0.1,${tcp}]`,
    ...Array.from({ length: 5 }, () => tcpItem),
  ]
}

/** zabbix-agent2; a cycle is twenty passive items, a connection each. Null: not installed. */
export async function zabbixAgent(dir: string, ports: Targets['ports']): Promise<Peer | null> {
  const program = 'zabbix_agent2'
  if (!has(program)) return null
  const port = await lowPort()
  const file = join(dir, 'zabbix.conf')
  const items = { host: itemsOf('host', ports), network: itemsOf('network', ports) }
  const lines = {
    Server: '127.0.0.1',
    ListenIP: '127.0.0.1',
    ListenPort: port,
    LogType: 'console',
    PidFile: join(dir, 'zabbix.pid'),
    ControlSocket: join(dir, 'zabbix.sock'),
    PluginSocket: join(dir, 'zabbix-plugin.sock'),
    Hostname: 'bench',
  }
  writeFileSync(
    file,
    Object.entries(lines)
      .map((line) => `${line.join('=')}\n`)
      .join(''),
  )
  const child = spawn(program, ['-c', file, '-f'], { stdio: 'ignore' })
  const cycle = async (mix: Mix) => {
    for (const item of items[mix]) await askZabbix(port, item)
  }
  await ready(child, program, cycle)
  return { pid: child.pid!, cycle, stop: () => stop(child) }
}

/** Zabbix takes no port above 32767. */
async function lowPort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(1_024 + randomInt(31_743), '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    const { port = 0 } = (server.address() ?? {}) as Partial<AddressInfo> // of a TCP server
    server.close()
    if (isFree) return port
  }
}

/** The header of Zabbix' protocol: its name, a flag, eight bytes of length. */
async function askZabbix(port: number, item: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  const header = Buffer.from('ZBXD\x01\0\0\0\0\0\0\0\0', 'latin1')
  header.writeUInt32LE(item.length, 5)
  socket.write(Buffer.concat([header, Buffer.from(item)]))
  const answer = (await buffer(socket)).subarray(13).toString()
  if (answer === '' || answer.startsWith('ZBX_NOTSUPPORTED')) {
    throw new Error(`Zabbix cannot answer ${item}: ${answer}`)
  }
}

/** netdata with its defaults; it works each second by itself. Null: not installed. */
export async function netdata(dir: string): Promise<Peer | null> {
  const program = 'netdata'
  if (!has(program)) return null
  const port = await closedPort()
  const folders = ['cache', 'lib', 'log', 'home', 'lock'].map((name) => {
    mkdirSync(join(dir, 'netdata', name), { recursive: true })
    return `${name} = ${join(dir, 'netdata', name)}`
  })
  const file = join(dir, 'netdata.conf')
  writeFileSync(
    file,
    `[global]
run as user = ${process.getuid?.() === 0 ? 'root' : (process.env.USER ?? '')}
[directories]
${folders.join('\n')}
[web]
bind to = 127.0.0.1:${port}
`,
  )
  const pidFile = join(dir, 'netdata.pid')
  const child = spawn(program, ['-D', '-c', file, '-P', pidFile], { stdio: 'ignore' })
  const cycle = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/info`)
    if (!answer.ok) throw new Error('netdata does not answer.')
    await answer.text()
  }
  await ready(child, program, cycle)
  return { pid: child.pid!, cycle, stop: () => stop(child) }
}

async function ready(child: ChildProcess, program: string, ask: Peer['cycle']) {
  const endAt = performance.now() + readyMsMax
  for (;;) {
    try {
      return await ask('host')
    } catch (cause) {
      const hasEnded = child.exitCode !== null
      if (!hasEnded && performance.now() < endAt) {
        await sleep(100)
        continue
      }
      await stop(child)
      throw new Error(`${program} does not become ready.`, { cause })
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
