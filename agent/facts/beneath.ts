import type { FactHost } from './fact.ts'
import { placeOf } from './platform.ts'
import { beneath as beneathWindows } from './windows/machine.ts'

/** Whether a Linux is a machine within a machine: it has no disks and no power of its own. */
export function isVirtual(host: FactHost): boolean {
  const { container, guest } = placeOf(host)
  return container !== null || (guest !== null && guest !== 'physical')
}

/** Who has the power, the disks and the building of this host in hand; null for its own people. */
export async function beneath(host: FactHost): Promise<'in_cloud' | 'virtual_machine' | null> {
  if (host.platform === 'win32') return beneathWindows(await host.windows())
  if (host.platform !== 'linux') return (await host.isGuest()) ? 'virtual_machine' : null
  if (placeOf(host).cloud !== null) return 'in_cloud'
  return isVirtual(host) ? 'virtual_machine' : null
}
