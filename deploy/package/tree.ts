import { chmod, copyFile, lutimes, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A folder in the making whose every byte, mode and time is chosen, not found. */
export class Tree {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  async write(name: string, content: string | Buffer, mode = 0o644): Promise<void> {
    const file = await this.#place(name)
    await writeFile(file, content)
    await chmod(file, mode)
  }

  async copy(from: string, name: string, mode = 0o644): Promise<void> {
    const file = await this.#place(name)
    await copyFile(from, file)
    await chmod(file, mode)
  }

  /** Copies a folder; `isWanted` is asked for each file and folder, by its path below `from`. */
  async copyFolder(
    from: string,
    name: string,
    isWanted: (path: string, isFolder: boolean) => boolean = () => true,
    below = '',
  ): Promise<void> {
    for (const entry of await readdir(join(from, below), { withFileTypes: true })) {
      const path = join(below, entry.name)
      if (!isWanted(path, entry.isDirectory())) continue
      if (entry.isDirectory()) await this.copyFolder(from, name, isWanted, path)
      else if (entry.isFile()) await this.copy(join(from, path), join(name, path))
    }
  }

  /** Sets the time of everything in it. */
  async date(epochSeconds: number): Promise<void> {
    const entries = await readdir(this.path, { recursive: true, withFileTypes: true })
    const all = [this.path, ...entries.map(({ parentPath, name }) => join(parentPath, name))]
    // The deepest first: what is set inside a folder must not touch the folder's own time.
    for (const path of all.sort().reverse()) await lutimes(path, epochSeconds, epochSeconds)
  }

  async #place(name: string): Promise<string> {
    const file = join(this.path, name)
    // Not the mode of whoever packages.
    let folder = await mkdir(dirname(file), { recursive: true })
    for (let path = dirname(file); folder !== undefined; path = dirname(path)) {
      await chmod(path, 0o755)
      if (path === folder || path === this.path) folder = undefined
    }
    return file
  }
}
