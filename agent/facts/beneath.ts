import type { FactHost } from './fact.ts'
import { placeOf } from './platform.ts'

/** Whether this is a machine within a machine: it has no disks and no power of its own. */
export async function isVirtual(host: FactHost): Promise<boolean> {
  if (host.platform !== 'linux') return (await host.inventory()).virtual
  const { container, guest } = placeOf(host)
  return container !== null || (guest !== null && guest !== 'physical')
}

/** Who has the power, the disks and the building of this host in hand; null for its own people. */
export async function beneath(host: FactHost): Promise<'in_cloud' | 'virtual_machine' | null> {
  if (host.platform === 'linux' && placeOf(host).cloud !== null) return 'in_cloud'
  return (await isVirtual(host)) ? 'virtual_machine' : null
}
