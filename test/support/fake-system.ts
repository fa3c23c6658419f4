import { childRunner } from '../../agent/child.ts'
import type { System } from '../../agent/discover/system.ts'

/** A Linux machine whose files are under `root`. */
export function fakeSystem(root: string, changes: Partial<System> = {}): System {
  return {
    platform: 'linux',
    root,
    hostName: 'web-1.example',
    addresses: ['127.0.0.1', '10.0.0.5', '2001:db8::a000:5'],
    now: Date.now,
    run: childRunner({}),
    ...changes,
  }
}

/** The text of /proc/net/tcp for listeners given as [hexadecimal address, port]. */
export function tcpTable(listeners: readonly (readonly [string, number])[]): string {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid'
  const rows = listeners.map(([address, port], index) => {
    const local = `${address}:${port.toString(16).toUpperCase().padStart(4, '0')}`
    return `   ${index}: ${local} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0`
  })
  return [head, ...rows, ''].join('\n')
}
