import { readVolumes } from '../disk.ts'
import { Missing } from '../fact.ts'
import { told } from '../windows.ts'
import { onWindows } from './family.ts'

/** Room on the fixed drives, those without a letter left out. */
export const diskOnWindows = onWindows(['disk.free_ratio', 'disk.days_to_full'], (report, host) => {
  const method = 'win32_logicaldisk'
  const volumes = told(report, 'volumes', method).list.flatMap(({ id, bytes, freeBytes }) => {
    if (bytes === null || freeBytes === null || bytes <= 0) return []
    // The resident samples volumes by their root folder.
    return { path: `${id}\\`, bytes, bytesFree: freeBytes, bytesUsed: bytes - freeBytes }
  })
  if (volumes.length === 0) throw new Missing('unreadable', method)
  return readVolumes(volumes, host, method)
})
