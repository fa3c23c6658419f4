import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PackageError } from './packager.ts'

/** A package as package-lock.json pins it. */
export type Locked = {
  /** Its folder in the repository, such as `node_modules/axios`. */
  readonly path: string
  readonly name: string
  readonly version: string
  /** SPDX. */
  readonly license: string
  /** `sha512-` and base64, of its archive. */
  readonly integrity: string
  /** Folders of the packages that it needs. */
  readonly needs: readonly string[]
}

type Entry = {
  readonly version: string
  readonly license?: string
  readonly integrity: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** What package-lock.json pins, by folder. */
export class Lock {
  readonly #entries: Readonly<Record<string, Entry>>

  constructor(root: string) {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
    this.#entries = packages as Readonly<Record<string, Entry>> // npm's own format, version 3
  }

  /** Throws PackageError for what the lock does not hold. */
  at(path: string): Locked {
    const entry = this.#entries[path]
    if (!entry) throw new PackageError(`package-lock.json has no ${path}.`)
    const { version, integrity, license, dependencies, optionalDependencies } = entry
    if (!license) throw new PackageError(`package-lock.json names no licence of ${path}.`)
    const wanted = Object.keys({ ...dependencies, ...optionalDependencies })
    const needs = wanted.flatMap((name) => this.#find(path, name) ?? [])
    return { path, name: nameOf(path), version, license, integrity, needs }
  }

  /** The packages with all they need, each once, by folder. */
  closure(names: readonly string[]): Locked[] {
    const found = new Map<string, Locked>()
    const waiting = names.map((name) => `node_modules/${name}`)
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (found.has(path)) continue
      const locked = this.at(path)
      found.set(path, locked)
      waiting.push(...locked.needs)
    }
    return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  /** As Node looks: in the package's own node_modules, then outwards. */
  #find(from: string, name: string): string | null {
    for (
      let folder = from;
      ;
      folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')
    ) {
      const path = join(folder, 'node_modules', name)
      if (this.#entries[path]) return path
      if (folder === '') return null
    }
  }
}

/** The package whose file this is, by its folder; null for a file of our own. */
export function packageOf(file: string): string | null {
  const found = /^.*?((?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+)/.exec(file)?.[1]
  return found ? found.slice(0, -1) : null
}

/** The text of a package's licence; null when it ships none. */
export function licenceText(root: string, { path }: Locked): string | null {
  const names = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'license', 'license.md']
  const file = names.map((name) => join(root, path, name)).find((each) => existsSync(each))
  return file === undefined ? null : readFileSync(file, 'utf8').trim()
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}
