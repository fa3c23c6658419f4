import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether a program of the system is on the PATH. */
export function has(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * Whether a suite that needs a program must be left out. In CI nothing may be left out: the suite
 * runs and fails there. The reporter lists what was left out.
 */
export function mustSkip(program: string): boolean {
  return !has(program) && !process.env.CI
}
