import { exportEvidence } from '../../../collector/evidence/export.ts'
import { type LogKey, readLogKey } from '../../../collector/evidence/log-key.ts'
import { writeSet } from '../../../collector/exports/write-set.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'
import { sqliteSnapshot } from '../../../collector/store/sqlite/sqlite.ts'
import { generateKey, parseJws, privateKey, thumbprint } from '../../../protocol/jws.ts'
import { openTestCollector } from '../../support/collector.ts'
import { EventfulNation, type NationId } from '../../support/eventful-nation.ts'
import { type Line, readLines } from './file.ts'

/** All that an operator with full access has, and what others kept. */
export type World = {
  readonly folder: string
  readonly exports: Readonly<Record<NationId, readonly Line[]>>
  /** The export of health from a copy of the database that is older, as if it were of now. */
  readonly older: readonly Line[]
  /** The same after the older copy went on by itself. */
  readonly olderGrown: readonly Line[]
  /** Exports with their tables: of roads, of the nation, and of all institutions beside it. */
  readonly sets: Readonly<Record<'roads' | 'nation' | 'institutions', string>>
  readonly logKey: LogKey
  /** The log key before it changed. */
  readonly formerKey: LogKey
  /** A key that nobody was ever told of. */
  readonly stranger: LogKey
  readonly receipts: Readonly<Record<NationId, readonly string[]>>
}

/** Lets the eventful nation live and takes everything from it. */
export async function makeWorld(folder: string): Promise<World> {
  const nation = await new EventfulNation(folder).live()
  const { dataDir, olderDir, clock } = nation
  const logKey = readLogKey(`${dataDir}/log-key.pem`)
  const take = async (institution: NationId, dir = dataDir, name = 'export') => {
    const file = `${folder}/${name}-${institution}.jsonl`
    const reader = sqliteSnapshot(`${dir}/collector.db`)
    const asked = { reader, institution, window: null, now: clock.at, simulated: false, file }
    const whole = { ...asked, draft: loadDefaultModel() }
    const key = readLogKey(`${dir}/log-key.pem`)
    await exportEvidence({ ...whole, logKey: key, progress: () => {} })
    await reader.close()
    return readLines(file)
  }
  const exports = {
    health: await take('health'),
    roads: await take('roads'),
    ports: await take('ports'),
  }
  const sets = await takeSets(nation, logKey)
  const older = await take('health', olderDir, 'older')
  const grown = await openTestCollector(olderDir, clock, `${folder}/register.yaml`)
  for (let minute = 0; minute < 200; minute++) await grown.noteLiveness()
  await grown.close()
  const olderGrown = await take('health', olderDir, 'grown')
  const { privatePem, publicKey } = generateKey()
  const stranger = { key: privateKey(privatePem), publicKey, kid: thumbprint(publicKey) }
  const receipts = {
    health: nation.receipts.get('health')!,
    roads: nation.receipts.get('roads')!,
    ports: nation.receipts.get('ports')!,
  }
  const formerKey = readLogKey(`${olderDir}/log-key.pem`)
  return { folder, exports, sets, formerKey, older, olderGrown, logKey, stranger, receipts }
}

async function takeSets({ folder, dataDir, clock }: EventfulNation, logKey: LogKey) {
  const institutions = `${folder}/set-institutions`
  const sets = { roads: `${folder}/set-roads`, nation: `${folder}/set-nation`, institutions }
  const reader = sqliteSnapshot(`${dataDir}/collector.db`)
  const asked = { reader, window: null, now: clock.at, simulated: false, progress: () => {} }
  const whole = { ...asked, draft: loadDefaultModel() }
  await writeSet(sets.roads, { ...whole, logKey, institution: 'roads' })
  await writeSet(sets.nation, { ...whole, logKey, institution: 'national' })
  for (const institution of ['health', 'roads', 'ports']) {
    await writeSet(`${institutions}/${institution}`, { ...whole, logKey, institution })
  }
  await reader.close()
  return sets
}

/** The checkpoints inside receipts: what an institution kept of the logs. */
export function notesIn(receipts: readonly string[]): string[] {
  return receipts.flatMap((jws) => {
    const { checkpoint } = payloadOf(jws)
    return typeof checkpoint === 'string' ? [checkpoint] : []
  })
}

export function payloadOf(jws: string): Line {
  return JSON.parse(Buffer.from(parseJws(jws).payload).toString()) as Line
}
