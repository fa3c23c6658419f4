import type { MissingReason } from '../../protocol/indicators.ts'
import { isVirtual } from './beneath.ts'
import type { FactHost, FactProbe, Reading } from './fact.ts'
import { counted, glance, isObject, jsonObject, peek } from './peek.ts'

/**
 * Whether the disks are in order: software RAID, ZFS and btrfs by what the kernel tells everyone,
 * single disks by their own verdict (SMART), which only root may ask for.
 */
export const healthFact: FactProbe = {
  indicators: ['disk.healthy'],
  async measure(host) {
    const arrays = [...raidArrays(host), ...zfsPools(host), ...btrfsVolumes(host)]
    const broken = arrays.filter(({ isWhole }) => !isWhole)
    const method = [...new Set(arrays.map(({ method }) => method))].join('+')
    if (broken.length > 0) {
      return [
        reading(false, method, `${broken.length} of ${counted(arrays.length, 'array')} broken`),
      ]
    }
    const disks = isVirtual(host) ? [] : physicalDisks(host)
    const verdicts = await Promise.all(disks.map((disk) => smartVerdict(host, disk)))
    const failing = verdicts.filter((verdict) => verdict === 'failing').length
    if (failing > 0) {
      return [reading(false, 'smartctl', `${failing} of ${counted(disks.length, 'disk')} failing`)]
    }
    if (disks.length > 0 && verdicts.every((verdict) => verdict === 'passed')) {
      const detail = [
        counted(disks.length, 'disk'),
        arrays.length && counted(arrays.length, 'array'),
      ]
      return [
        reading(
          true,
          method ? `${method}+smartctl` : 'smartctl',
          detail.filter(Boolean).join(', '),
        ),
      ]
    }
    const unread = await whyUnread(host, disks, verdicts)
    if (arrays.length === 0) return [{ ...missing(unread.reason), ...unread.more }]
    const detail = `${counted(arrays.length, 'array')} whole; SMART not read`
    return [{ ...reading(true, method, detail), ...unread.more }]
  },
}

type HealthReading = Reading & { readonly indicator: 'disk.healthy' }

function reading(value: boolean, method: string, detail: string): HealthReading {
  return { indicator: 'disk.healthy', value, method, detail }
}

function missing(reason: MissingReason): HealthReading {
  return { indicator: 'disk.healthy', value: null, method: 'smartctl', missing: reason }
}

type DiskArray = { readonly method: string; readonly isWhole: boolean }

/** Source of the format: `man 4 md`, drivers/md/md.c (md_seq_show). */
function raidArrays(host: FactHost): DiskArray[] {
  const text = peek(host, '/proc/mdstat') ?? ''
  return [...text.matchAll(/^md\S* : (.*)\n(.*)$/gm)].map(([, head = '', counts = '']) => {
    const [, wanted, present] = /\[(\d+)\/(\d+)\]/.exec(counts) ?? []
    const isActive = /^active\b/.test(head)
    return { method: 'mdstat', isWhole: isActive && !head.includes('(F)') && wanted === present }
  })
}

function zfsPools(host: FactHost): DiskArray[] {
  const folder = '/proc/spl/kstat/zfs'
  return glance(host, folder).flatMap((pool) => {
    const state = peek(host, `${folder}/${pool}/state`)?.trim()
    return state ? { method: 'zfs', isWhole: state === 'ONLINE' } : []
  })
}

/** A volume of one disk is no array. Source: Documentation/admin-guide/btrfs, sysfs. */
function btrfsVolumes(host: FactHost): DiskArray[] {
  const folder = '/sys/fs/btrfs'
  return glance(host, folder).flatMap((volume) => {
    const devices = glance(host, `${folder}/${volume}/devinfo`)
    const isMissing = (device: string) =>
      peek(host, `${folder}/${volume}/devinfo/${device}/missing`)?.trim() === '1'
    return devices.length > 1 ? { method: 'btrfs', isWhole: !devices.some(isMissing) } : []
  })
}

/** More would not answer within the time a fact has. */
const disksMax = 24

function physicalDisks(host: FactHost): string[] {
  return glance(host, '/sys/block')
    .filter((name) => /^(sd[a-z]+|hd[a-z]|nvme\d+n\d+)$/.test(name))
    .filter((name) => peek(host, `/sys/block/${name}/removable`)?.trim() !== '1')
    .slice(0, disksMax)
}

/** `closed`: this user may not ask the disk. `silent`: it tells nothing, as behind a controller. */
type Verdict = 'passed' | 'failing' | 'closed' | 'silent' | 'no_tool'

/** Bit 1 of smartctl's exit status: the device could not be opened. Source: `man smartctl`. */
const notOpened = 2

async function smartVerdict(host: FactHost, disk: string): Promise<Verdict> {
  const said = await host.ask({ file: 'smartctl', args: ['-j', '-H', `/dev/${disk}`] })
  if (!said) return 'no_tool'
  const status = jsonObject(said.stdout)?.smart_status
  if (isObject(status) && typeof status.passed === 'boolean') {
    return status.passed ? 'passed' : 'failing'
  }
  // A service may be kept from devices altogether (PrivateDevices=).
  const isHidden = !host.has(`/dev/${disk}`)
  return isHidden || (said.status & notOpened) !== 0 ? 'closed' : 'silent'
}

/** Why the disks' own verdicts are not all there, and what would change that. */
async function whyUnread(host: FactHost, disks: readonly string[], verdicts: readonly Verdict[]) {
  const none = {}
  if (isVirtual(host)) return { reason: 'virtual_machine', more: none } as const
  if (disks.length === 0) return { reason: 'no_such_hardware', more: none } as const
  if (verdicts.includes('no_tool')) return { reason: 'no_tool', more: none } as const
  if (!verdicts.includes('closed')) return { reason: 'not_known', more: none } as const
  const isNvme = disks.every((disk) => disk.startsWith('nvme'))
  const permission = isNvme ? 'CAP_SYS_ADMIN (SMART of NVMe)' : 'CAP_SYS_RAWIO (SMART)'
  return { reason: 'no_permission', more: { permission } } as const
}
