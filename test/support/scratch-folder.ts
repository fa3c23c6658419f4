import { accessSync, constants, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What tests that run at a time keep at most. Unit: bytes. */
const roomBytes = 1024 ** 3

/**
 * Where tests make their folders: in memory, unless that is not there, has too little room, or lets
 * no program run, as in many containers.
 */
export function scratchFolder(memory = '/dev/shm'): string {
  return isFit(memory) ? memory : tmpdir()
}

function isFit(memory: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize >= roomBytes && mayRunIn(memory)
  } catch {
    return false
  }
}

function mayRunIn(folder: string): boolean {
  const own = mkdtempSync(join(folder, 'istimrar-'))
  try {
    const program = join(own, 'program')
    writeFileSync(program, '', { mode: 0o700 })
    accessSync(program, constants.X_OK)
    return true
  } finally {
    rmSync(own, { recursive: true })
  }
}
