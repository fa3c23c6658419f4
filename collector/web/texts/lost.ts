import type { Cause } from '../../kpi/causes.ts'
import type { LostStretch, Owner, Relief } from '../../kpi/explain.ts'
import type { Text } from '../language.ts'

/** Lost time: where it went, why, who must act, and what says so. */
export const lostTexts = {
  title: { ar: 'الوقت الضائع', en: 'Lost time' },
  of: { ar: 'الوقت الضائع: {name}', en: 'Lost time: {name}' },
  open: { ar: 'الوقت الضائع: أسبابه وشواهده', en: 'Lost time: its causes and evidence' },
  period: { ar: 'المدة المعروضة', en: 'Period shown' },
  summary: { ar: 'خلاصة المدة', en: 'In short' },
  outages: { ar: 'حالات التوقف', en: 'Outages' },
  longest: { ar: 'أطول توقف', en: 'Longest outage' },
  p90: { ar: 'مدة لم يتجاوزها 90% من حالات التوقف', en: '90% of outages lasted no longer than' },
  down: { ar: 'مجموع التوقف', en: 'Down in all' },
  unknown: { ar: 'مجموع غير المعلوم', en: 'Unknown in all' },
  outageHow: {
    ar: 'التوقف المتصل حالة واحدة، ولا يُحسب من مدته ما وقع في صيانة مجدولة.',
    en: 'Down time without a break is one outage; scheduled maintenance in it is not counted.',
  },
  none: { ar: 'لا وقت ضائع في هذه المدة.', en: 'Nothing was lost in this period.' },

  byCause: { ar: 'الوقت الضائع بحسب السبب', en: 'Lost time by cause' },
  bars: {
    ar: 'الجزء المصمت توقف، والمخطط غير معلوم.',
    en: 'The solid part is down, the hatched part unknown.',
  },
  cause: { ar: 'السبب', en: 'Cause' },
  owner: { ar: 'المعني بالمعالجة', en: 'Who must act' },
  forOwner: { ar: 'المعالجة على: {owner}', en: 'To be acted on by: {owner}' },
  noCause: { ar: 'بلا سبب محدد', en: 'No cause recorded' },

  attested: { ar: 'مصدر الوقت المعلوم', en: 'What known time rests on' },
  self: { ar: 'قياس ذاتي', en: 'Self-attested' },
  witnessed: { ar: 'مثبت من نقطة رصد خارجية', en: 'Witnessed' },
  both: { ar: 'قياس ذاتي ومثبت من نقطة رصد خارجية', en: 'Self-attested and witnessed' },

  stretches: { ar: 'تفصيل الوقت الضائع', en: 'Every stretch of lost time' },
  newest: { ar: 'الأحدث أولًا، وبحد أقصى {n} في الصفحة.', en: 'Latest first, {n} to a page.' },
  noneCounted: { ar: 'لا وقت محسوبًا هنا.', en: 'None that counts.' },
  earlier: { ar: 'ما قبل ذلك', en: 'Earlier' },
  latest: { ar: 'العودة إلى الأحدث', en: 'Back to the latest' },
  standing: { ar: 'الثبوت', en: 'Standing' },
  standingHow: {
    ar: 'السبب أولي حتى تمضي سبعة أيام، فقد ترد شواهد متأخرة.',
    en: 'A cause is provisional for seven days, since evidence may arrive late.',
  },

  apart: { ar: 'وقت ضائع غير محسوب', en: 'Lost time that does not count' },
  apartHow: {
    ar: 'وقت خارج الحساب، أو قُبل فيه اعتراض؛ ويبقى ظاهرًا هنا.',
    en: 'It left the calculation, or a dispute was decided; it stays visible here.',
  },
  why: { ar: 'سبب عدم الاحتساب', en: 'Why it does not count' },
  disputed: {
    ar: 'اعتراض {id}: الحالة قبله {was}',
    en: 'Dispute {id}: observed as {was}',
  },

  evidence: { ar: 'شواهد القياس', en: 'Evidence' },
  noEvidence: { ar: 'لا شواهد قياس سابقة', en: 'No evidence at all' },
  check: { ar: '{check}: {state}', en: '{check}: {state}' },
  moreChecks: { ar: 'فحوص أخرى: {n}', en: 'Other checks: {n}' },
  batches: { ar: 'دفعات هذا الوقت: {batches}', en: 'batches of this time: {batches}' },
  before: { ar: 'آخر دفعة قبله: {batch}', en: 'last batch before: {batch}' },
  after: { ar: 'أول دفعة بعده: {batch}', en: 'first batch after: {batch}' },
  gap: {
    ar: 'رسائل معلن فقدها: من {from} إلى {to} (موضعها في السجل {leaf})',
    en: 'messages declared lost: {from} to {to} (leaf {leaf})',
  },
  place: { ar: '{batch} (موضعها في السجل {leaf})', en: '{batch} (leaf {leaf})' },
} as const satisfies Record<string, Text>

export const causeTexts: Readonly<Record<Cause, Text>> = {
  host: { ar: 'الخادم أو تشغيله', en: 'Host or its power' },
  network: { ar: 'الشبكة أو الكهرباء خارج البيئة', en: 'Network or power outside' },
  agent: { ar: 'برنامج الرصد', en: 'Agent' },
  service: { ar: 'الخدمة', en: 'Service' },
  clock: { ar: 'ضبط الوقت', en: 'Clock' },
  centre: { ar: 'المنصة المركزية للرصد', en: 'Collector' },
  emergency_maintenance: { ar: 'صيانة طارئة', en: 'Emergency maintenance' },
}

export const ownerTexts: Readonly<Record<Owner, Text>> = {
  institution: { ar: 'المؤسسة', en: 'Institution' },
  provider: { ar: 'مزود الاستضافة', en: 'Hosting provider' },
  carrier: { ar: 'مشغل الاتصالات أو الشبكة الحكومية', en: 'Carrier or government network' },
  centre: { ar: 'القائمون على المنصة المركزية', en: 'The centre' },
}

export const reliefTexts: Readonly<Record<Relief, Text>> = {
  maintenance: { ar: 'صيانة مجدولة', en: 'Scheduled maintenance' },
  centre: { ar: 'انقطاع المنصة المركزية', en: 'Outage of the collector' },
  dispute: { ar: 'اعتراض مقبول', en: 'Dispute upheld' },
}

export const standingTexts: Readonly<Record<LostStretch['standing'], Text>> = {
  provisional: { ar: 'أولي', en: 'Provisional' },
  settled: { ar: 'مستقر', en: 'Settled' },
}
