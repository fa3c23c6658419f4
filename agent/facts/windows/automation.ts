import { told, toldOr } from '../windows.ts'
import { onWindows } from './family.ts'

/** Services that keep a host as it was described elsewhere. */
const managers: Readonly<Record<string, string>> = {
  CcmExec: 'Configuration Manager',
  IntuneManagementExtension: 'Intune',
  puppet: 'Puppet',
  'salt-minion': 'Salt',
  'chef-client': 'Chef',
}
const running = 4

/**
 * Whether something manages the host: an agent that runs, or group policy of a domain that applied.
 * What reaches in from outside (Ansible over WinRM) leaves nothing to see and does not count.
 */
export const automationOnWindows = onWindows(['automation.managed'], (report) => {
  const services = told(report, 'services', 'services').list
  const found = services.flatMap(({ name, state }) =>
    state === running ? (managers[name] ?? []) : [],
  )
  const policies = toldOr(report, 'policies')?.domain ?? 0
  if (policies > 0) found.push(`group policy (${policies} applied)`)
  const value = found.length > 0
  const detail = value ? found.join(', ') : 'no management agent runs, no group policy applied'
  return [{ indicator: 'automation.managed', value, method: 'services', detail }]
})
