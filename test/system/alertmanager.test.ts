import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import {
  type Alertmanager,
  alertmanagerFile,
  type ListedAlert,
  startAlertmanager,
} from '../support/alertmanager.ts'
import { allRules, ruleFiles } from '../support/alerts.ts'
import { temporaryFolder } from '../support/folder.ts'
import { mustSkip } from '../support/programs.ts'
import { type Prometheus, startPrometheus } from '../support/prometheus.ts'

type Message = {
  readonly receiver: string
  readonly groupLabels: Readonly<Record<string, string>>
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved'
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }[]
}

const patience = { timeout: 180_000, interval: 200 }

describe.skipIf(mustSkip('amtool'))('amtool', () => {
  const amtool = (...args: readonly string[]) =>
    execFileSync('amtool', args, { encoding: 'utf8', stdio: 'pipe' })

  test('accepts the configuration and its templates', () => {
    const said = amtool('check-config', alertmanagerFile)
    expect(said).toContain('1 templates')
    expect(said.match(/SUCCESS/g)).toHaveLength(2)
  })

  test.each([
    ['institution=health severity=critical', 'institution-health,institutions,ministry'],
    ['institution=dhofar severity=warning', 'institutions,ministry'],
    ['institution=dhofar severity=info', 'ministry'],
    ['alertname=IstimrarCollectorDown severity=critical', 'collector-operators'],
    ['alertname=IstimrarPublishHeld severity=warning', 'ministry'],
  ])('%s goes to %s', (labels, receivers) => {
    const route = ['config', 'routes', 'test', `--config.file=${alertmanagerFile}`]
    expect(amtool(...route, ...labels.split(' ')).trim()).toBe(receivers)
  })
})

test('each inhibition names alerts that exist', () => {
  const names = new Set(allRules().map(({ alert }) => alert))
  const named = readFileSync(alertmanagerFile, 'utf8').match(/Istimrar[A-Za-z]+/g) ?? []
  expect(named.filter((name) => !names.has(name))).toEqual([])
})

const programs = ['prometheus', 'prometheus-alertmanager']
describe.skipIf(programs.some(mustSkip))('a real Alertmanager', () => {
  const folder = temporaryFolder()
  const app = fastify()
  const messages: Message[] = []
  let page = ''
  let alertmanager: Alertmanager
  let prometheus: Prometheus

  beforeAll(async () => {
    app.get('/metrics', (_request, reply) => reply.type('text/plain; version=0.0.4').send(page))
    app.post('/hooks/:receiver', (request) => {
      messages.push(request.body as Message) // Alertmanager's own form
      return {}
    })
    page = [...cutSite, ...downBeside].join('\n').concat('\n')
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    alertmanager = await startAlertmanager(folder.path, `${url}/hooks/`)
    prometheus = await startPrometheus({
      targets: [new URL(url).host],
      dir: folder.path,
      rules: ruleFiles.map((file) => withoutWaiting(file, folder.path)),
      more: {
        alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager.address] }] }] },
      },
    })
  })

  afterAll(async () => {
    await prometheus?.stop()
    await alertmanager?.stop()
    await app.close()
    folder[Symbol.dispose]()
  })

  test('sends what fires, one message for an institution, and not what a cut site explains', async () => {
    const expected = ['IstimrarDiskFull', 'IstimrarEnvironmentDown', 'IstimrarSiteCut']
    const message = await vi.waitFor(() => {
      const found = sentTo('institutions', 'health').find((each) => namesIn(each).length === 3)
      expect(found && namesIn(found)).toEqual(expected)
      return found!
    }, patience)
    const down = message.alerts.find(({ labels }) => labels.alertname === expected[1])
    expect(down?.annotations).toMatchObject({
      summary: 'Records of health is down',
      summary_ar: 'توقف السجلات في health',
      runbook_url: 'docs/runbooks/environment-down.md',
    })
    await vi.waitFor(async () => {
      const listed = await alertmanager.alerts()
      const [cut] = listed.filter(isNamed('IstimrarSiteCut'))
      const explained = { state: 'suppressed', inhibitedBy: [cut?.fingerprint], silencedBy: [] }
      const muted = listed
        .filter(isNamed('IstimrarAgentSilent'))
        .map(({ labels, status }) => [labels.agent, status])
      expect(Object.fromEntries(muted)).toEqual({ a1: explained, a2: explained })
    }, patience)
    await vi.waitFor(() => {
      expect(sentTo('ministry', 'health')).not.toEqual([])
      expect(sentTo('institution-health', 'health')).not.toEqual([])
      expect(sentTo('institutions', 'dhofar').map(namesIn)).toEqual([['IstimrarEnvironmentDown']])
    }, patience)
    expect(sentTo('institution-health', 'dhofar')).toEqual([])
    expect(messages.flatMap(namesIn)).not.toContain('IstimrarAgentSilent')
  })

  test('says so when it is over', async () => {
    page = cutSite.concat('').join('\n')
    await vi.waitFor(() => {
      const resolved = sentTo('institutions', 'dhofar').flatMap(({ alerts }) => alerts)
      expect(resolved.at(-1)).toMatchObject({ status: 'resolved' })
    }, patience)
  })

  const health = { institution: 'health' }
  const portal = { ...health, environment: 'portal' }
  // The cause, what it mutes, and what it does not.
  test.each([
    ['CollectorDown', {}, 'EnvironmentDown', portal, { instance: 'other' }],
    ['CollectorDown', {}, 'EvaluationStale', {}, { instance: 'other' }],
    ['EvaluationStale', {}, 'CoverageLow', health, { institution: '' }],
    ['ReportingLow', {}, 'InstitutionSilent', health, { alertname: 'IstimrarEnvironmentDown' }],
    ['InstitutionSilent', health, 'SiteCut', portal, { institution: 'dhofar' }],
    ['SiteCut', portal, 'AgentSilent', { ...portal, agent: 'a' }, { environment: 'archive' }],
    ['EnvironmentDown', portal, 'ChecksDegraded', portal, { environment: 'archive' }],
    ['InstitutionAtRisk', health, 'HalfYearAtRisk', portal, { severity: 'warning' }],
    ['DiskFull', portal, 'ChecksDegraded', portal, { environment: 'archive' }],
  ])('%s %o mutes %s of it', async (cause, of, muted, labels, unlike) => {
    const instance = `${cause}-${muted}`
    const severity = 'info'
    const source = { alertname: `Istimrar${cause}`, severity: 'critical', instance, ...of }
    const target = { alertname: `Istimrar${muted}`, severity, instance, ...labels }
    await expectMuted(source, target, { ...target, marked: 'unlike', ...unlike })
  })

  test('the same alert mutes its milder form, of the same disk only', async () => {
    const disk = { alertname: 'IstimrarDiskFull', instance: 'disks', ...portal }
    const target = { ...disk, check: 'data', severity: 'warning' }
    const source = { ...target, severity: 'critical' }
    await expectMuted(source, target, { ...target, check: 'root' })
  })

  /** The free one differs from the muted one, and is looked at when the other is muted. */
  async function expectMuted(
    source: ListedAlert['labels'],
    muted: ListedAlert['labels'],
    free: ListedAlert['labels'],
  ): Promise<void> {
    await alertmanager.fire(source, muted, free)
    await vi.waitFor(async () => {
      const listed = await alertmanager.alerts()
      const stateOf = (labels: ListedAlert['labels']) =>
        listed.find((each) => isSame(each.labels, labels))?.status
      expect(stateOf(muted)).toMatchObject({ state: 'suppressed' })
      expect(stateOf(free)).toMatchObject({ inhibitedBy: [] })
    }, patience)
  }

  function sentTo(receiver: string, institution: string): Message[] {
    return messages.filter(
      (each) => each.receiver === receiver && each.groupLabels.institution === institution,
    )
  }
})

function namesIn({ alerts }: Message): string[] {
  return [...new Set(alerts.map(({ labels }) => labels.alertname ?? ''))].sort()
}

function isNamed(name: string): (alert: ListedAlert) => boolean {
  return ({ labels }) => labels.alertname === name
}

/** Whether labels are the same; an empty one is none. */
function isSame(listed: ListedAlert['labels'], wanted: ListedAlert['labels']): boolean {
  const given = Object.entries(wanted).filter(([, value]) => value !== '')
  return (
    given.length === Object.keys(listed).length &&
    given.every(([name, value]) => listed[name] === value)
  )
}

/** A copy of a file of rules whose alerts fire at once. */
function withoutWaiting(file: string, dir: string): string {
  const rules = parse(readFileSync(file, 'utf8'), (key, value) => (key === 'for' ? '0s' : value))
  const copy = join(dir, basename(file))
  writeFileSync(copy, stringify(rules))
  return copy
}

const place = 'institution="health",environment="portal"'
/** A site of two hosts, both silent. */
const cutSite = [
  ...['a1', 'a2'].flatMap((agent) => [
    `istimrar_agent_silent{${place},agent="${agent}"} 1`,
    `istimrar_agent_info{${place},agent="${agent}",name="${agent}",status="active"} 1`,
  ]),
  `istimrar_environment_info{${place},name_en="Portal",name_ar="البوابة"} 1`,
]

/** Another environment of the institution and one elsewhere, both down, the first with a full disk. */
const downBeside = [
  ...['health', 'dhofar'].flatMap((institution) => {
    const labels = `institution="${institution}",environment="records"`
    return [
      `istimrar_environment_state{${labels},state="down"} 1`,
      `istimrar_environment_info{${labels},criticality="important",name_en="Records",name_ar="السجلات"} 1`,
    ]
  }),
  'istimrar_check_free_ratio{institution="health",environment="records",check="data",kind="disk"} 0.01',
]
