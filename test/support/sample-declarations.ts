import type { Model } from '../../collector/kpi/readiness/model.ts'
import type { Snapshot } from '../../collector/kpi/snapshot.ts'
import type { Account } from '../../collector/people/accounts.ts'
import { Declarations, type DeclarationsOptions } from '../../collector/people/declarations.ts'
import type { AskedDeclaration, DeclaredAbout } from '../../collector/register/declarations.ts'
import type { DeclarationsView } from '../../collector/web/parts/declarations.ts'
import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { asOf } from './sample-figures.ts'
import { memoryLog } from './sample-maintenance.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

export const owner: Account = {
  id: 'salma-it',
  role: 'institution',
  institution: 'services-authority',
}
const ministry: Account = { id: 'ministry-1', role: 'ministry' }
const evaluator: Account = { id: 'evaluator-1', role: 'evaluator' }

const share = {
  ...{ members: 0, enabled: 0, notEnabled: 0, unknown: 0, waived: 0 },
  ...{ low: null, high: null, verdict: null },
}

/** A small model that waives a criterion and lets a metric not apply. */
export const smallModel: Model = {
  ...{ id: 'om-infra', version: '1.0.0', hash: 'ab'.repeat(32), status: 'draft' },
  label: { ar: 'مؤشر الجاهزية الرقمية', en: 'Digital readiness index' },
  targetRatio: 0.85,
  missing: {
    ...{ minAvailableRatio: 2 / 3, maxNotApplicableRatio: 0.4 },
    ...{ staleMeasuredDays: 7, staleDeclaredDays: 365 },
  },
  levels: [],
  dimensions: [
    {
      ...{ id: 'd1', weight: 100, objectives: [1], axis: 'operational_efficiency' },
      label: { ar: 'الأسس', en: 'Foundations' },
      indicators: [
        {
          ...{ id: 'd1.raid', weight: 100, metric: 'disk.healthy', rollup: 'worst' },
          ...{ score: { fn: 'bool' }, gate: null, mayNotApply: true },
          label: { ar: 'سلامة الأقراص', en: 'Disk health' },
          advice: { ar: 'استبدال القرص المعطل', en: 'Replace the failed disk' },
        },
      ],
    },
  ],
  enabled: [
    {
      id: 'E3',
      label: { ar: 'أنظمة تشغيل مدعومة', en: 'Supported operating systems' },
      advice: { ar: 'ترقية نظام التشغيل', en: 'Upgrade the operating system' },
      conditions: [
        {
          ...{ metric: 'os.support_left_days', op: '>', value: 0 },
          ...{ scope: 'critical', mayNotApply: false },
        },
      ],
    },
    {
      id: 'E6',
      label: { ar: 'جدار حماية ووقت مضبوط', en: 'Firewall and clock' },
      advice: { ar: 'تشغيل جدار الحماية', en: 'Switch the firewall on' },
      conditions: [
        {
          ...{ metric: 'firewall.on', op: '=', value: true },
          ...{ scope: 'all', mayNotApply: true },
        },
      ],
    },
  ],
}

/** The sample's figures by that model, of nobody's readiness yet. */
export const modelSnapshot: Snapshot = {
  ...sampleSnapshot,
  readiness: {
    model: smallModel,
    nation: {
      ...{ members: 0, index: null, levels: [], dimensions: [] },
      byKind: { institution: null, governorate: null },
      ...{ enabled: share, enabledEnvironments: share },
    },
    institutions: {},
  },
}

/** A declaration as people make it, a year long unless said otherwise. */
export function askedOf(
  about: DeclaredAbout,
  more: Partial<AskedDeclaration> = {},
): AskedDeclaration {
  return {
    ...{ environment: null, about, evidenceSha256: 'ab'.repeat(32) },
    ...{ detail: 'تقرير رقم 12', expiresAt: asOf + 300 * dayMs },
    ...more,
  }
}

/** What the sample's institution declares, on a log in memory: of each state when `isFull`. */
export async function sampleDeclarations(
  now: () => EpochMs = () => asOf,
  isFull = false,
  more: Partial<DeclarationsOptions> = {},
): Promise<Declarations> {
  let at: EpochMs | null = null
  const declarations = await Declarations.open({
    ...{ store: memoryLog(), now: () => at ?? now(), onChange: () => {} },
    views: { snapshot: () => modelSnapshot },
    ...more,
  })
  if (!isFull) return declarations
  const ask = (about: DeclaredAbout, each: Partial<AskedDeclaration> = {}) =>
    declarations.request(owner, 'services-authority', askedOf(about, each))
  const keyOf = ({ id }: { id: string }) => ({ institution: 'services-authority', id })
  const metric = (name: string, value: number | boolean) =>
    ({ kind: 'metric', metric: name, value }) as DeclaredAbout // names of the test's own
  at = asOf - 200 * dayMs
  const trained = metric('operations.trained_staff', true)
  const old = await ask(trained, { expiresAt: asOf + 20 * dayMs, detail: 'شهادات تدريب 2026' })
  await declarations.review(ministry, keyOf(old), 'approved', 'الشهادات مطابقة')
  const tender = await ask(metric('operations.tender_scope', true), {
    expiresAt: asOf - 10 * dayMs,
  })
  await declarations.review(evaluator, keyOf(tender), 'approved', 'seen and complete')
  const contract = await ask(metric('operations.support_contract', true), {
    ...{ expiresAt: asOf + 100 * dayMs, detail: 'Contract 44/2026 with the supplier' },
  })
  await declarations.review(ministry, keyOf(contract), 'approved', 'العقد سارٍ')
  at = asOf - 20 * dayMs
  const renewed = await ask(metric('operations.support_contract', true), {
    detail: 'Contract 44/2026, amended: service levels for nights and weekends',
  })
  await declarations.review(evaluator, keyOf(renewed), 'approved', 'the amendment is signed')
  const factor = await ask(metric('remote_access.second_factor', true))
  await declarations.review(ministry, keyOf(factor), 'refused', 'المستخرج لا يخص البوابة الحالية')
  const exercised = await ask(metric('operations.continuity_exercised', true))
  await declarations.withdraw(owner, keyOf(exercised), 'تعديل الخطة قبل اعتمادها')
  at = asOf - 3 * dayMs
  await ask(metric('backup.restore_age_days', 45), {
    ...{ environment: 'portal', detail: 'تقرير تجربة الاستعادة رقم 7 بتاريخ 3 ديسمبر 2026' },
  })
  await ask({ kind: 'waiver', criterion: 'E3' }, { detail: 'Upgrade contract signed, due in May' })
  await ask({ kind: 'not_applicable', metric: 'disk.healthy' }, { environment: 'portal' })
  at = null
  return declarations
}

/** What somebody of both kinds would see of them: every form there is, and one that was refused. */
export async function declarationsViewOf(): Promise<DeclarationsView> {
  const declarations = await sampleDeclarations(() => asOf, true)
  const fields = new Map([
    ...([
      ['act', 'request'],
      ['kind', 'waiver'],
      ['criterion', 'E6'],
    ] as const),
    ...([
      ['evidence', 'zz'],
      ['why', 'العقد 44'],
    ] as const),
  ])
  return {
    declarations: declarations.list(ministry),
    offered: declarations.offered(),
    ...{ account: ministry, mayAsk: true, mayReview: () => true },
    refused: { rule: 'evidence', instants: {}, fields },
  }
}
