import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { type Missing, missingPrograms, missingRoot } from './tools.ts'

/** Why no network of our own can be had here; null when it can. */
export function missingForNamespace(): Missing {
  const missing = missingRoot() ?? missingPrograms('ip', 'iptables')
  if (missing) return missing
  try {
    using _ = new NetworkNamespace('faults-probe')
    return null
  } catch (error) {
    return `network namespaces are not to be had: ${String(error).split('\n')[0]}`
  }
}

/** A network of its own with nothing but a loopback, on which the kernel itself plays faults. */
export class NetworkNamespace implements Disposable {
  readonly name: string

  /** Throws where namespaces or iptables are not to be had. */
  constructor(name: string) {
    this.name = `${name}-${process.pid}`
    run('ip', 'netns', 'add', this.name)
    try {
      this.inside('ip', 'link', 'set', 'lo', 'up')
      this.inside('iptables', '-F', 'INPUT')
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  inside(...command: readonly string[]): void {
    run('ip', 'netns', 'exec', this.name, ...command)
  }

  /** Runs a command in here and answers what it printed. Throws when it ends with anything but 0. */
  async output(command: readonly string[], cwd: string): Promise<string> {
    const args = ['netns', 'exec', this.name, ...command]
    const child = spawn('ip', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = await Promise.all([text(child.stdout), once(child, 'exit')])
    if (child.exitCode !== 0) throw new Error(`It ended with ${child.exitCode}:\n${said}`)
    return said
  }

  [Symbol.dispose](): void {
    run('ip', 'netns', 'del', this.name)
  }
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
