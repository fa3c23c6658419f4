import type { Row } from '../row.ts'
import { agentKilled } from './f01-agent-killed.ts'
import { collectorKilled } from './f02-collector-killed.ts'
import { powerCut } from './f03-power-cut.ts'
import { diskError } from './f04-disk-error.ts'
import { diskFull } from './f05-disk-full.ts'
import { spoolDamaged } from './f06-spool-damaged.ts'
import { replyLost } from './f07-reply-lost.ts'
import { badNetwork } from './f08-bad-network.ts'
import { clockSet } from './f10-clock.ts'
import { hostRebooted } from './f11-reboot.ts'
import { agentCloned } from './f12-agent-cloned.ts'
import { reconnectStorm } from './f13-reconnect-storm.ts'
import { writerBlocked } from './f14-writer-blocked.ts'
import { backupRestored } from './f15-backup.ts'
import { tampering } from './f16-tampering.ts'
import { collectorAway } from './f17-collector-away.ts'
import { versionsMixed } from './f18-versions.ts'

/** The fault table: every row there is, in order. */
export const rows: readonly Row[] = [
  agentKilled,
  collectorKilled,
  powerCut,
  diskError,
  diskFull,
  spoolDamaged,
  replyLost,
  clockSet,
  hostRebooted,
  badNetwork,
  agentCloned,
  reconnectStorm,
  writerBlocked,
  tampering,
  backupRestored,
  collectorAway,
  versionsMixed,
]
