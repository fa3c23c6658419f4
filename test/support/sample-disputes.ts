import { Roster } from '../../collector/ingest/roster.ts'
import type { Account } from '../../collector/people/accounts.ts'
import type { Declarations } from '../../collector/people/declarations.ts'
import { Disputes } from '../../collector/people/disputes.ts'
import { Inbox } from '../../collector/people/inbox.ts'
import { type InboxSubjects, inboxSources } from '../../collector/people/inbox-sources.ts'
import type { Maintenance } from '../../collector/people/maintenance.ts'
import type { Claim } from '../../collector/register/disputes.ts'
import type { DisputesView } from '../../collector/web/parts/disputes.ts'
import { type EpochMs, hourMs } from '../../protocol/time.ts'
import { sampleDeclarations } from './sample-declarations.ts'
import { asOf } from './sample-figures.ts'
import { memoryLog, sampleMaintenance } from './sample-maintenance.ts'
import { sampleMigrationActs } from './sample-migration-acts.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

const place = { institution: 'services-authority', environment: 'portal' }
const owner: Account = {
  id: 'salma-it',
  role: 'institution',
  institution: 'services-authority',
}
export const evaluator: Account = { id: 'evaluator-1', role: 'evaluator' }

/** The disputes of the sample's portal, on a log in memory: one of each state when `isFull`. */
export async function sampleDisputes(
  now: () => EpochMs = () => asOf,
  isFull = false,
): Promise<Disputes> {
  const disputes = await Disputes.open({
    ...{ store: memoryLog(), now, views: { snapshot: () => sampleSnapshot }, onChange: () => {} },
  })
  if (!isFull) return disputes
  const ask = async (hoursAgo: number, lengthHours: number, claim: Claim, why: string) => {
    const from = Math.floor(asOf / hourMs) * hourMs - hoursAgo * hourMs
    const asked = { from, to: from + lengthHours * hourMs, claim, why }
    return disputes.request(owner, place, { ...asked, evidenceSha256: 'ab'.repeat(32) })
  }
  const key = (id: string) => ({ ...place, id })
  const up: Claim = { state: 'up', cause: null }
  const whole = await ask(900, 40, up, 'سجلات موزع الأحمال تثبت استجابة البوابة')
  await disputes.grant(evaluator, key(whole.id), null, 'السجلات مطابقة')
  const emergency: Claim = { state: 'down', cause: 'emergency_maintenance' }
  const part = await ask(500, 3, emergency, 'Storage controller failed, replaced at once')
  const granted = { from: part.from, to: part.from + hourMs, ...emergency }
  await disputes.grant(evaluator, key(part.id), granted, 'the work order covers one hour')
  const refused = await ask(400, 2, up, 'The probe was wrong')
  await disputes.refuse(evaluator, key(refused.id), 'nothing supports it')
  const withdrawn = await ask(300, 2, up, 'Network tests')
  await disputes.withdraw(owner, key(withdrawn.id), 'found the cause ourselves')
  await ask(9, 3, up, 'برنامج الرصد كان متوقفًا للترقية')
  return disputes
}

/** All that the sample's institutions ask for. */
export async function samplePeople(
  maintenance?: Maintenance,
  disputes?: Disputes,
  declarations?: Declarations,
) {
  const asked = {
    maintenance: maintenance ?? (await sampleMaintenance()),
    disputes: disputes ?? (await sampleDisputes()),
    declarations: declarations ?? (await sampleDeclarations()),
    ...(await sampleMigrationActs()),
  }
  return { ...asked, inbox: sampleInbox(asked) }
}

/** An inbox of what the sample's institutions ask for. */
export function sampleInbox(
  asked: Pick<InboxSubjects, 'maintenance' | 'disputes' | 'declarations' | 'roadmap'>,
): Inbox {
  const none = {
    cycles: { list: async () => [] },
    models: { list: () => [] },
    policy: { list: async () => [] },
  }
  const nobody = {
    roster: new Roster([]),
    identities: { releases: () => [], openRelease: () => null },
    views: { snapshot: () => null },
  }
  return new Inbox(inboxSources({ ...asked, ...none, ...nobody, now: () => asOf }))
}

/** Nothing is contested, and nobody may. */
export const noDisputes: DisputesView = {
  disputes: [],
  ...{ mayAsk: false, mayDecide: () => false, refused: null },
}
