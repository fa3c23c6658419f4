import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { listening } from './prometheus.ts'

/** The configuration that ships, relative to the root of the repository. */
export const alertmanagerFile = 'deploy/alertmanager/alertmanager.yml'

/** An alert as Alertmanager lists it. */
export type ListedAlert = {
  readonly labels: Readonly<Record<string, string>>
  readonly fingerprint: string
  readonly status: {
    readonly state: 'unprocessed' | 'active' | 'suppressed'
    readonly inhibitedBy: readonly string[]
  }
}

/** A running Alertmanager. */
export type Alertmanager = {
  /** `host:port`. */
  readonly address: string
  /** Hands it alerts that fire from now on, as Prometheus does. */
  fire(...alerts: readonly Readonly<Record<string, string>>[]): Promise<void>
  alerts(): Promise<ListedAlert[]>
  stop(): Promise<void>
}

/**
 * Starts a real Alertmanager with the routes and inhibitions that ship. Each receiver posts to
 * `hooks` followed by its name, and groups wait for seconds instead of minutes.
 */
export async function startAlertmanager(dir: string, hooks: string): Promise<Alertmanager> {
  const shipped = parse(readFileSync(alertmanagerFile, 'utf8'))
  const receivers = shipped.receivers.map(({ name }: { name: string }) => ({
    name,
    webhook_configs: [{ url: `${hooks}${name}`, send_resolved: true }],
  }))
  const config = join(dir, 'alertmanager.yml')
  writeFileSync(config, stringify({ ...shipped, route: hasten(shipped.route), receivers }))
  cpSync('deploy/alertmanager/templates', join(dir, 'templates'), { recursive: true })
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${config}`,
      `--storage.path=${join(dir, 'alertmanager')}`,
      '--web.listen-address=127.0.0.1:0',
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const address = await listening(child, 'Listening on')
  const url = `http://${address}/api/v2/alerts`
  return {
    address,
    fire: async (...alerts) => {
      const body = JSON.stringify(alerts.map((labels) => ({ labels })))
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(url, { method: 'POST', headers, body })
      if (!answer.ok) throw new Error(`Alertmanager refuses: ${await answer.text()}`)
    },
    alerts: async () => (await (await fetch(url)).json()) as ListedAlert[],
    stop: async () => {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

type Route = { readonly routes?: readonly Route[] }

function hasten(route: Route): unknown {
  const soon = { group_wait: '3s', group_interval: '1s', repeat_interval: '1h' }
  return { ...route, ...soon, ...(route.routes && { routes: route.routes.map(hasten) }) }
}
