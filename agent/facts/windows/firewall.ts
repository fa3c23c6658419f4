import { told } from '../windows.ts'
import { onWindows } from './family.ts'

const names: Readonly<Record<number, string>> = { 1: 'domain', 2: 'private', 4: 'public' }
const method = 'windows-firewall'

/**
 * On when the firewall runs and, for each kind of network the host is on now, is switched on and
 * lets nothing in that no rule allows.
 */
export const firewallOnWindows = onWindows(['firewall.on'], (report) => {
  const { running, current, list } = told(report, 'firewall', method)
  const inUse = list.filter(({ profile }) => (current & profile) !== 0)
  const open = (inUse.length > 0 ? inUse : list).filter(({ on, inbound }) => !on || inbound !== 0)
  const value = running && list.length > 0 && open.length === 0
  const where = inUse.map(({ profile }) => names[profile] ?? String(profile)).join(', ')
  const detail = where === '' ? 'on no network' : `networks in use: ${where}`
  return [{ indicator: 'firewall.on', value, method, detail }]
})
