import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { initTexts } from '../cli/texts/init.ts'
import { said } from '../language.ts'
import { isCloudMetadata } from '../targets.ts'
import type { Proposal } from './proposal.ts'
import type { System } from './system.ts'

type Server = { readonly server: string; readonly port?: number }

/** A check of the clock against the first server the machine itself is set by; nothing is asked. */
export async function proposeClock({ platform, root }: System): Promise<Proposal> {
  const found = platform === 'linux' ? await timeServer(root) : null
  // A clock drifts slowly, and public servers want to be asked seldom.
  const base = { name: 'clock', kind: 'clock', interval: '5m' } as const
  if (found) return { ...base, settings: found, comment: said(initTexts.clock) }
  const comment = said(initTexts.noTimeServer)
  return { ...base, settings: { server: 'ntp.example' }, comment, declined: true }
}

async function timeServer(root: string): Promise<Server | null> {
  for (const find of [ofNtpDaemon, ofTimesyncd]) {
    const servers = await find(root)
    const server = servers.find((each) => isUsable(each.server))
    if (server) return server
  }
  return null
}

/** Not one that only an NTP daemon can reach: a local clock, or a cloud's metadata service. */
function isUsable(server: string): boolean {
  return !server.startsWith('127.127.') && !isCloudMetadata(server) && /^[\w.:-]+$/.test(server)
}

/** Where chrony, ntpd, NTPsec and OpenNTPD name their servers. */
const daemonFiles = [
  'etc/chrony/chrony.conf',
  'etc/chrony.conf',
  'etc/chrony/conf.d/',
  'etc/chrony.d/',
  'etc/chrony/sources.d/',
  'run/chrony-dhcp/',
  'etc/ntpsec/ntp.conf',
  'etc/ntp.conf',
  'etc/openntpd/ntpd.conf',
  'etc/ntpd.conf',
]

async function ofNtpDaemon(root: string): Promise<Server[]> {
  const text = await textOf(root, daemonFiles)
  return [...text.matchAll(/^[ \t]*(?:server|pool|peer)s?[ \t]+(\S+)(.*)$/gm)].map(
    ([, server = '', options = '']) => {
      const port = /[ \t]port[ \t]+(\d{1,5})\b/.exec(options)?.[1]
      return { server, ...(port !== undefined && { port: Number(port) }) }
    },
  )
}

/** systemd-timesyncd: what is set first, then what the network gave, then its own default. */
async function ofTimesyncd(root: string): Promise<Server[]> {
  const set = await textOf(root, [
    'etc/systemd/timesyncd.conf.d/',
    'run/systemd/timesyncd.conf.d/',
    'usr/lib/systemd/timesyncd.conf.d/',
    'etc/systemd/timesyncd.conf',
    'usr/lib/systemd/timesyncd.conf',
  ])
  const given = await textOf(root, ['run/systemd/netif/state'])
  const runs = (await namesIn(join(root, 'run/systemd/timesync'))).length > 0
  return [
    ...serversIn(set, /^[ \t]*NTP[ \t]*=(.+)$/gm),
    ...serversIn(given, /^NTP=(.+)$/gm),
    ...serversIn(set, /^[ \t]*FallbackNTP[ \t]*=(.+)$/gm),
    // The file shows the built-in default as a comment. It means something only where it runs.
    ...(runs ? serversIn(set, /^#FallbackNTP=(.+)$/gm) : []),
  ]
}

function serversIn(text: string, line: RegExp): Server[] {
  const names = [...text.matchAll(line)].flatMap(([, names = '']) => names.trim().split(/\s+/))
  return names.map((server) => ({ server }))
}

/** The texts of files one after the other; a path that ends in `/` is all files of a folder. */
async function textOf(root: string, paths: readonly string[]): Promise<string> {
  const texts: string[] = []
  for (const path of paths) {
    const place = join(root, path)
    const names = path.endsWith('/') ? (await namesIn(place)).sort() : ['']
    for (const name of names) texts.push(await readFile(join(place, name), 'utf8').catch(() => ''))
  }
  return texts.join('\n')
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}
