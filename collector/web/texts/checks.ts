import type { CheckKind } from '../../../protocol/check.ts'
import type { ShownState } from '../../http/views.ts'
import type { CountText, Text } from '../language.ts'

/** Checks, their states and their timelines. */
export const checkTexts = {
  checks: { ar: 'الفحوص', en: 'Checks' },
  check: { ar: 'الفحص', en: 'Check' },
  kind: { ar: 'نوع الفحص', en: 'Kind' },
  noChecks: { ar: 'لا فحوص معلنة لهذه البيئة بعد.', en: 'No check is declared here yet.' },
  state: { ar: 'الحالة', en: 'State' },
  since: { ar: 'بدء الحالة', en: 'Since' },
  reason: { ar: 'السبب', en: 'Reason' },
  value: { ar: 'القيمة', en: 'Value' },
  need: { ar: 'أثر الفحص', en: 'Counts as' },
  needed: { ar: 'لازم لعمل البيئة', en: 'Needed' },
  advisory: { ar: 'إرشادي', en: 'Advisory' },
  sealed: {
    ar: 'الحالات بحسب آخر شواهد مختومة، وبرنامج الرصد متصل ما لم يُذكر خلاف ذلك.',
    en: 'States as last sealed, agent alive unless said otherwise.',
  },
  sealedAlive: {
    ar: 'بحسب آخر شواهد مختومة، وبرنامج الرصد متصل',
    en: 'as last sealed, agent alive',
  },
  sealedSilent: {
    ar: 'بحسب آخر شواهد مختومة، وبرنامج الرصد منقطع',
    en: 'as last sealed, agent silent',
  },
  undeclared: { ar: 'لم يعد مذكورًا في {file}', en: 'no longer in {file}' },
  through: { ar: 'نهاية آخر شواهد', en: 'Evidence until' },
  interval: { ar: 'دورية الفحص', en: 'Interval' },
  free: { ar: 'المتاح {share}', en: '{share} free' },
  used: { ar: 'المستخدم {share}', en: '{share} used' },
  milliseconds: { ar: '{n} ملي ثانية', en: '{n} ms' },
  millisecondsOff: { ar: 'انحراف {n} ملي ثانية', en: '{n} ms off' },
  hoursOld: { ar: 'العمر بالساعات: {hours}', en: '{hours} h old' },
  daysLeft: { ar: 'المتبقي {days}', en: '{days} left' },
  expired: { ar: 'منتهية الصلاحية', en: 'expired' },

  timeline: { ar: 'سير الحالة', en: 'Timeline' },
  timeRuns: {
    ar: 'محور الزمن من اليسار إلى اليمين، ويظهر في كل جزء أسوأ ما جرى فيه.',
    en: 'Time runs from left to right; each mark shows the worst state within it.',
  },
  mark: { ar: 'لكل جزء {duration}', en: '{duration} a mark' },
  summary: { ar: '{window}: {parts}', en: '{window}: {parts}' },
  part: { ar: '{state}: {duration}', en: '{state} {duration}' },
  toCome: { ar: 'لم يحن بعد', en: 'Still to come' },
  nothing: { ar: 'لا شواهد قياس', en: 'No evidence' },
  changes: { ar: 'تغيرات الحالة في الدورة', en: 'Changes of state in this cycle' },
  latest: { ar: 'الأحدث أولًا، وبحد أقصى {changes}.', en: 'Latest first, at most {changes}.' },
  from: { ar: 'من', en: 'From' },
  to: { ar: 'إلى', en: 'To' },
  now: { ar: 'مستمرة', en: 'ongoing' },
  length: { ar: 'المدة', en: 'Duration' },
} as const satisfies Record<string, Text>

export const stateTexts: Readonly<Record<ShownState, Text>> = {
  up: { ar: 'يعمل', en: 'Up' },
  degraded: { ar: 'يعمل بأداء منخفض', en: 'Degraded' },
  down: { ar: 'متوقف', en: 'Down' },
  unknown: { ar: 'غير معلوم', en: 'Unknown' },
  maintenance: { ar: 'صيانة مجدولة', en: 'Scheduled maintenance' },
  not_in_scope: { ar: 'خارج نطاق القياس', en: 'Out of scope' },
}

export const checkKindTexts: Readonly<Record<CheckKind, Text>> = {
  host: { ar: 'الخادم', en: 'Host' },
  http: { ar: 'خدمة الويب (HTTP)', en: 'Web service (HTTP)' },
  tcp: { ar: 'منفذ الشبكة (TCP)', en: 'Network port (TCP)' },
  dns: { ar: 'أسماء النطاقات (DNS)', en: 'Domain names (DNS)' },
  tls: { ar: 'شهادة الاتصال الآمن (TLS)', en: 'Certificate (TLS)' },
  icmp: { ar: 'الاستجابة الشبكية (ICMP)', en: 'Network echo (ICMP)' },
  service: { ar: 'خدمة النظام', en: 'System service' },
  process: { ar: 'عملية النظام', en: 'Process' },
  journey: { ar: 'رحلة المستفيد', en: 'User journey' },
  link: { ar: 'الربط الشبكي', en: 'Link' },
  plugin: { ar: 'فحص إضافي', en: 'Plugin' },
  disk: { ar: 'القرص', en: 'Disk' },
  memory: { ar: 'الذاكرة', en: 'Memory' },
  cpu: { ar: 'المعالج', en: 'Processor' },
  clock: { ar: 'ضبط الوقت', en: 'Clock' },
  backup: { ar: 'النسخ الاحتياطي', en: 'Backup' },
}

export const dayCount: CountText = {
  ar: {
    zero: 'أقل من يوم',
    one: 'يوم واحد',
    two: 'يومان',
    few: '{n} أيام',
    many: '{n} يومًا',
    other: '{n} يوم',
  },
  en: { one: '{n} day', other: '{n} days' },
}

export const changeCount: CountText = {
  ar: {
    zero: 'لا تغيرات',
    one: 'تغير واحد',
    two: 'تغيران',
    few: '{n} تغيرات',
    many: '{n} تغيرًا',
    other: '{n} تغير',
  },
  en: { one: '{n} change', other: '{n} changes' },
}
