import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fakeRoot } from './fake-root.ts'

/** The files by which a machine shows what systemd runs. */
export type FakeSystemd = {
  /** Control groups of version 2 and whether a process is in them. */
  readonly groups?: Readonly<Record<string, boolean>>
  /** Units that systemd keeps a link for. */
  readonly active?: readonly string[]
  /** Links, by their place: enabled units, aliases and masks. */
  readonly links?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
}

/** A folder that stands in for the `/` of a machine that systemd has started. */
export function fakeSystemd({ groups = {}, active = [], links = {}, files = {} }: FakeSystemd) {
  const events = Object.entries(groups).map(([place, populated]) => [
    `sys/fs/cgroup/${place}/cgroup.events`,
    `populated ${Number(populated)}\nfrozen 0\n`,
  ])
  const root = fakeRoot({
    'run/systemd/system/': '',
    'run/systemd/units/': '',
    'sys/fs/cgroup/system.slice/': '',
    ...Object.fromEntries(events),
    ...files,
  })
  const invocations = ['dbus.service', ...active].map((unit) => [
    `run/systemd/units/invocation:${unit}`,
    '4f1c0a3d9a7b4c0d8e6f5a4b3c2d1e0f',
  ])
  for (const [place, target] of [...invocations, ...Object.entries(links)]) {
    mkdirSync(dirname(join(root, place!)), { recursive: true })
    symlinkSync(target!, join(root, place!))
  }
  return root
}
