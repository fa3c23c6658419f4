import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { initTexts } from '../cli/texts/init.ts'
import { type Said, said } from '../language.ts'
import { disksAmong, isDisk, readMounts } from '../probes/mounts.ts'
import { type Proposal, toId } from './proposal.ts'
import type { System } from './system.ts'

const disksMax = 20

/** A check for each real disk mounted here, `/` first. */
export async function proposeDisks(system: System): Promise<Proposal[]> {
  const disks = system.platform === 'linux' ? await disksOfLinux(system) : await disksElsewhere()
  return disks
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, disksMax)
    .map(({ path, writable, comment }) => ({
      name: path === '/' ? 'disk-root' : `disk-${toId(path)}`.replace(/-$/, ''),
      kind: 'disk',
      settings: {
        path,
        ...(path !== '/' && system.platform === 'linux' && { mountPoint: true }),
        ...(!writable && { writable }),
      },
      comment,
    }))
}

type Disk = { readonly path: string; readonly writable: boolean; readonly comment: Said }

async function disksOfLinux({ root }: System): Promise<Disk[]> {
  const disks = readMounts(root).filter(isDisk)
  const areFolders = await Promise.all(disks.map(({ path }) => isFolder(join(root, path))))
  return disksAmong(disks.filter((_, i) => areFolders[i])).map(({ path, type, readOnly }) => ({
    path,
    writable: !readOnly,
    comment: said(initTexts.disk, { type, path }),
  }))
}

/** Containers mount single files, such as /etc/hosts, from the disk of their host. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false // not to be seen by this user
  }
}

async function disksElsewhere(): Promise<Disk[]> {
  const { fsSize } = await import('systeminformation')
  return (await fsSize())
    .filter(({ mount, size }) => size > 0 && /^(\/|\/Volumes\/.*|[A-Z]:)$/.test(mount))
    .map(({ mount, type, rw }) => ({
      path: /^[A-Z]:$/.test(mount) ? `${mount}\\` : mount,
      writable: rw ?? true,
      comment: said(initTexts.disk, { type, path: mount }),
    }))
}
