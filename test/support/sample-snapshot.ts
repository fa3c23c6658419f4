import {
  type InstitutionDetail,
  type Outcome,
  outcomeOf,
  type PopulationFigures,
  type WindowName,
} from '../../collector/kpi/snapshot.ts'
import { hourMs, minuteMs } from '../../protocol/time.ts'
import type { DetailedSnapshot } from './detailed-snapshot.ts'
import { agent, environment, richEnvironments } from './sample-environments.ts'
import { asOf, byWindow, cycle, figure, target, windows } from './sample-figures.ts'

const fields = [
  ['services', 'الخدمات البلدية', 'Municipal Services', 'الخدمات'],
  ['water', 'المياه', 'Water', 'المرافق'],
  ['roads', 'الطرق', 'Roads', 'النقل'],
  ['ports', 'الموانئ', 'Ports', 'النقل'],
  ['fisheries', 'الثروة السمكية', 'Fisheries', 'الاقتصاد'],
  ['heritage', 'التراث', 'Heritage', 'الثقافة'],
  ['libraries', 'المكتبات', 'Libraries', 'الثقافة'],
  ['schools', 'شؤون المدارس', 'Schools', 'التعليم'],
  ['training', 'التدريب المهني', 'Vocational Training', 'التعليم'],
  ['clinics', 'المراكز الصحية', 'Health Centres', 'الصحة'],
  ['laboratories', 'المختبرات', 'Laboratories', 'الصحة'],
  ['statistics', 'الإحصاء', 'Statistics', 'الاقتصاد'],
  ['standards', 'المواصفات والمقاييس', 'Standards and Metrology', 'الاقتصاد'],
  ['environment', 'شؤون البيئة', 'Environmental Affairs', 'المرافق'],
  ['meteorology', 'الأرصاد الجوية', 'Meteorology', 'النقل'],
] as const
const bodies = [
  ['authority', 'هيئة', 'Authority for'],
  ['centre', 'المركز العام لقطاع', 'Centre for'],
  ['department', 'دائرة', 'Department of'],
] as const
const governorates = [
  ['coast', 'محافظة الساحل', 'Coast Governorate'],
  ['mountain', 'محافظة الجبل', 'Mountain Governorate'],
  ['valley', 'محافظة الوادي', 'Valley Governorate'],
  ['oasis', 'محافظة الواحة', 'Oasis Governorate'],
  ['plain', 'محافظة السهل', 'Plain Governorate'],
  ['harbour', 'محافظة المرفأ', 'Harbour Governorate'],
  ['desert', 'محافظة البادية', 'Desert Governorate'],
  ['palms', 'محافظة النخيل', 'Palms Governorate'],
  ['sands', 'محافظة الرمال', 'Sands Governorate'],
  ['east', 'محافظة المشرق', 'Eastern Governorate'],
  ['west', 'محافظة المغرب', 'Western Governorate'],
] as const

/** Shares down and unknown of a few typical institutions, dealt out in turn. */
const fates = [
  [0.004, 0.002],
  [0.011, 0.006],
  [0.019, 0.0345],
  [0.002, 0.001],
  [0.0712, 0.002],
  [0.008, 0.003],
  [0.001, 0.081],
] as const
const absent = new Set([6, 13, 20, 33, 41, 50])
const beingSetUp = new Set([9, 27, 52])

function sharesOf(index: number): readonly [number, number] {
  if (absent.has(index)) return [0, 1]
  return index === 0 ? [0.0195, 0.118] : (fates[index % fates.length] ?? [0, 0])
}

function institution(
  index: number,
  row: Pick<InstitutionDetail, 'id' | 'kind' | 'name' | 'sector'>,
): InstitutionDetail {
  const [down, unknown] = sharesOf(index)
  const reporting = !absent.has(index)
  const lastReportAt = reporting
    ? asOf + 10 * minuteMs
    : index === 33
      ? null
      : asOf - index * hourMs
  const stage = beingSetUp.has(index) ? 'being_set_up' : 'measured'
  const main = environment(
    {
      id: 'main',
      name: { ar: 'البيئة الرئيسية', en: 'Main environment' },
      state: reporting ? 'up' : 'unknown',
      stage,
      agents: [agent('srv-1', { silent: !reporting, lastReportAt })],
    },
    down,
    unknown,
  )
  return {
    ...row,
    target: index !== 44,
    reporting,
    lastReportAt,
    stage,
    continuity: byWindow(down, unknown),
    worstCritical: index === 0 ? 'portal' : 'main',
    worst: index === 0 ? 'ministry-link' : 'main',
    environments: index === 0 ? richEnvironments : [main],
  }
}

const institutions: readonly InstitutionDetail[] = [
  ...bodies.flatMap(([bodyId, bodyAr, bodyEn], i) =>
    fields.map(([id, ar, en, sector], j) =>
      institution(i * fields.length + j, {
        id: `${id}-${bodyId}`,
        kind: 'institution',
        name: { ar: `${bodyAr} ${ar}`, en: `${bodyEn} ${en}` },
        sector,
      }),
    ),
  ),
  ...governorates.map(([id, ar, en], i) =>
    institution(45 + i, { id, kind: 'governorate', name: { ar, en }, sector: null }),
  ),
]

function countOutcomes(window: WindowName): Record<Outcome, number> {
  const counts = { met: 0, not_met: 0, undetermined: 0, being_set_up: 0, no_value: 0 }
  for (const { target: isTarget, stage, continuity } of institutions) {
    if (isTarget) counts[outcomeOf(stage, continuity[window].verdict)]++
  }
  return counts
}

function population(window: WindowName): PopulationFigures {
  return {
    pooled: figure(window, 0.0191, 0.0345),
    mean: figure(window, 0.0178, 0.1162),
    reporting: figure(window, 0.0193, 0.0112),
    withEvidence: 49,
    targets: 55,
    verdicts: countOutcomes(window),
  }
}

/** The snapshot of the made-up nation: 56 institutions, of which 11 are governorates. */
export const sampleSnapshot: DetailedSnapshot = {
  engine: 'continuity-1',
  computedAt: asOf + 11 * minuteMs,
  asOf,
  simulated: true,
  timezone: 'Asia/Muscat',
  target,
  cycle,
  windows,
  nation: {
    reporting: 49,
    targets: 55,
    stage: 'measured',
    headline: 'pooled',
    continuity: {
      cycle: population('cycle'),
      '30d': population('30d'),
      '7d': population('7d'),
      '24h': population('24h'),
    },
    byKind: {
      institution: { targets: 44, continuity: byWindow(0.0204, 0.0312) },
      governorate: { targets: 11, continuity: byWindow(0.0121, 0.0471) },
    },
    byProvider: [
      {
        ...{ provider: 'data-park', environments: 61, institutions: 40 },
        continuity: byWindow(0.0104, 0.0202),
      },
      {
        ...{ provider: 'own', environments: 33, institutions: 21 },
        continuity: byWindow(0.0312, 0.0415),
      },
    ],
  },
  institutions,
}
