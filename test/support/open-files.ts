import { readdirSync, readlinkSync } from 'node:fs'

/** What this process has open, by path; once for each time that it is (Linux). */
export function openFiles(): string[] {
  const folder = '/proc/self/fd'
  return readdirSync(folder).flatMap((each) => {
    try {
      return [readlinkSync(`${folder}/${each}`)]
    } catch {
      return [] // closed meanwhile, as the one by which the folder is read
    }
  })
}
