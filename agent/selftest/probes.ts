import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Observation } from '../../protocol/check.ts'
import { reasonTexts } from '../../protocol/reason-texts.ts'
import { dayMs, secondMs } from '../../protocol/time.ts'
import { stateTexts } from '../cli/texts/checks.ts'
import { selftestTexts } from '../cli/texts/selftest.ts'
import { type Language, type Said, said, say } from '../language.ts'
import { look } from '../look.ts'
import { type ProbeKind, probes } from '../probes/all.ts'
import { withDefaults } from '../probes/settings.ts'
import { ownCertificate } from './certificate.ts'
import { Servers } from './servers.ts'
import { fail, notApplicable, type Outcome, pass, type Trial, type TrialContext } from './trial.ts'

/** What a kind of check is shown, and what it must see; any of several where hosts differ. */
type Scene = {
  readonly settings: Readonly<Record<string, unknown>>
  readonly expected: readonly string[]
}
/** Scenes of a kind, or why there can be none on this host. */
type Stage = (context: TrialContext, servers: Servers) => Promise<readonly Scene[] | Outcome>

const well = ['up', 'degraded']
const here = '127.0.0.1'

/** Every kind of check, on servers and files made for it: once well and once not, if it can be. */
const stages: Readonly<Record<ProbeKind, Stage>> = {
  host: async () => [scene({}, ['up'])],
  memory: async () => [scene({ usedRatioMax: 1 }, ['up'])],
  cpu: async () => [scene({ usedRatioMax: 1 }, ['up'])],
  disk: async ({ scratch }) => [
    scene({ path: scratch, freeRatioMin: 0, inodesFreeRatioMin: 0 }, well),
    scene({ path: join(scratch, 'nothing') }, ['degraded not_mounted']),
  ],
  process: async ({ platform }) => [
    scene({ program: ownProgram(platform) }, well),
    scene({ program: 'istimrar-none' }, ['down not_running']),
  ],
  service: async ({ platform, root }) => {
    if (platform === 'win32') return [scene({ unit: 'EventLog' }, ['up'])]
    const isManaged = existsSync(join(root, 'run/systemd/system'))
    if (!isManaged) return notApplicable(said(selftestTexts.noSystemd))
    return [scene({ unit: 'systemd-journald' }, ['up'])]
  },
  clock: async ({ clock }, servers) => [
    scene({ server: here, port: await servers.time(clock.wall, 0) }, ['up']),
    scene({ server: here, port: await servers.time(clock.wall, 60) }, [
      'degraded clock_offset_high',
    ]),
  ],
  backup: async ({ scratch }) => {
    writeFileSync(join(scratch, 'backup.dump'), 'istimrar')
    return [
      scene({ path: join(scratch, 'backup.dump') }, ['up']),
      scene({ path: join(scratch, 'none.dump') }, ['degraded backup_missing']),
    ]
  },
  http: async (_context, servers) => {
    const port = await servers.web()
    return [
      scene({ url: `http://${here}:${port}/up`, bodyIncludes: 'istimrar' }, ['up']),
      scene({ url: `http://${here}:${port}/down` }, ['down http_status']),
    ]
  },
  journey: async (_context, servers) => {
    const port = await servers.web()
    const step = (path: string) => ({ url: `http://${here}:${port}${path}`, ...usualStep })
    return [
      scene({ steps: [step('/up')] }, ['up']),
      scene({ steps: [step('/up'), step('/down')] }, ['down step_failed', 'down http_status']),
    ]
  },
  tcp: async (_context, servers) => [
    scene({ host: here, port: await servers.tcp() }, ['up']),
    scene({ host: here, port: await servers.closedPort() }, ['down refused']),
  ],
  link: async (_context, servers) => [
    scene({ host: here, port: await servers.tcp() }, ['up']),
    scene({ host: here, port: await servers.closedPort() }, ['down refused']),
  ],
  dns: async (_context, servers) => [
    scene({ lookup: 'selftest.example', resolver: `${here}:${await servers.names()}` }, ['up']),
  ],
  tls: async ({ clock }, servers) => {
    const now = clock.wall()
    const lasting = await servers.secure(ownCertificate(now - dayMs, now + 90 * dayMs))
    const ended = await servers.secure(ownCertificate(now - 2 * dayMs, now - dayMs))
    return [
      scene({ host: here, port: lasting, trust: 'any' }, ['up']),
      scene({ host: here, port: lasting }, ['degraded certificate_untrusted']),
      scene({ host: here, port: ended, trust: 'any' }, ['degraded certificate_expired']),
    ]
  },
  icmp: async ({ platform, run }) => {
    const args = platform === 'win32' ? ['/?'] : ['-V']
    const isThere = await run({ file: 'ping', args }, AbortSignal.timeout(5 * secondMs)).then(
      () => true,
      () => false,
    )
    if (!isThere) return notApplicable(said(selftestTexts.noPing))
    return [scene({ host: here }, ['up'])]
  },
  plugin: async () => {
    const say = (status: number) => ['-e', `process.exit(${status})`]
    const command = process.execPath
    return [
      scene({ command, arguments: say(0) }, ['up']),
      scene({ command, arguments: say(2) }, ['down exit_critical']),
    ]
  },
}

const usualStep = { method: 'GET', fields: [], status: ['200-399'], followRedirects: false }

function scene(settings: Scene['settings'], expected: readonly string[]): Scene {
  return { settings, expected }
}

/** The name under which this very program runs. */
function ownProgram(platform: NodeJS.Platform): string {
  if (platform === 'linux') return readFileSync('/proc/self/comm', 'utf8').trimEnd()
  return basename(process.execPath)
}

/** A trial of each kind of check there is. */
export const probeTrials: readonly (readonly [name: string, Trial])[] = Object.entries(probes).map(
  ([kind]) => [`check.${kind}`, (context) => tryKind(kind as ProbeKind, context)],
)

async function tryKind(kind: ProbeKind, context: TrialContext): Promise<Outcome> {
  await using servers = new Servers()
  const scenes = await stages[kind](context, servers)
  if ('result' in scenes) return scenes
  const found: Observation[] = []
  for (const { settings, expected } of scenes) {
    const seen = await lookAt(kind, settings, context)
    const state = stateOf(seen)
    const [word = ''] = state.split(' ')
    if (!expected.includes(state) && !expected.includes(word)) {
      const texts = { expected: expected.join(' | '), found: state }
      return fail(said(selftestTexts.probeWrong, texts))
    }
    found.push(seen)
  }
  return pass(said(selftestTexts.probe, { states: inWords(found) }))
}

function lookAt(kind: ProbeKind, given: Scene['settings'], context: TrialContext) {
  const settings = withDefaults(probes[kind].settings, given)
  const { clock, root, run } = context
  const check = { check: 'selftest', kind, intervalMs: 60 * secondMs, timeoutMs: 20 * secondMs }
  return look({ ...check, settings }, { now: clock.wall, root, run, kept: new Map() })
}

function inWords(seen: readonly Observation[]): Said {
  const words = (language: Language) =>
    seen.map(({ state, reason }) => {
      const word = say(stateTexts[state], language)
      return reason ? `${word} (${say(reasonTexts[reason], language)})` : word
    })
  return { in: (language) => words(language).join(language === 'ar' ? '، ' : ', ') }
}

function stateOf({ state, reason }: Observation): string {
  return reason ? `${state} ${reason}` : state
}
