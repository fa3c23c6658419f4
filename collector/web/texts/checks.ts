import type { CheckKind, Reason } from '../../../protocol/check.ts'
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

export const reasonTexts: Readonly<Record<Reason, Text>> = {
  timeout: { ar: 'انتهاء المهلة دون استجابة', en: 'no answer in time' },
  refused: { ar: 'رفض الاتصال', en: 'connection refused' },
  reset: { ar: 'انقطاع الاتصال من الطرف الآخر', en: 'connection reset' },
  unreachable: { ar: 'تعذر الوصول إلى الشبكة أو الخادم', en: 'network or host unreachable' },
  name_not_found: { ar: 'الاسم غير موجود', en: 'name not found' },
  name_server_failed: { ar: 'تعذر الجواب من خادم الأسماء', en: 'name server failed' },
  unexpected_answer: { ar: 'استجابة غير متوقعة', en: 'unexpected answer' },
  tls_handshake_failed: { ar: 'تعذر إنشاء الاتصال الآمن', en: 'TLS handshake failed' },
  certificate_untrusted: { ar: 'شهادة غير موثوقة', en: 'certificate not trusted' },
  certificate_expired: { ar: 'شهادة منتهية الصلاحية', en: 'certificate expired' },
  certificate_expiring: { ar: 'شهادة قريبة الانتهاء', en: 'certificate expires soon' },
  certificate_name_mismatch: {
    ar: 'شهادة صادرة لاسم آخر',
    en: 'certificate is for another name',
  },
  protocol_outdated: { ar: 'إصدار قديم من الاتصال الآمن', en: 'outdated TLS version' },
  http_status: { ar: 'رمز استجابة غير مقبول', en: 'HTTP status not accepted' },
  http_body_mismatch: { ar: 'محتوى الاستجابة غير مطابق', en: 'content does not match' },
  http_protocol_error: { ar: 'استجابة مخالفة لبروتوكول HTTP', en: 'not valid HTTP' },
  space_low: { ar: 'المساحة المتاحة منخفضة', en: 'little space left' },
  inodes_low: { ar: 'عدد الملفات المتاح منخفض', en: 'few inodes left' },
  read_only: { ar: 'القرص للقراءة فقط', en: 'read-only' },
  not_mounted: { ar: 'القرص غير موصول', en: 'not mounted' },
  memory_low: { ar: 'الذاكرة المتاحة منخفضة', en: 'little memory left' },
  load_high: { ar: 'الحمل مرتفع', en: 'high load' },
  clock_offset_high: { ar: 'انحراف ساعة الخادم', en: 'clock is off' },
  not_running: { ar: 'الخدمة غير مشغَّلة', en: 'not running' },
  too_old: { ar: 'العمر أكبر من المسموح', en: 'too old' },
  exit_warning: { ar: 'تنبيه من الفحص الإضافي', en: 'plugin warning' },
  exit_critical: { ar: 'خلل حرج بحسب الفحص الإضافي', en: 'plugin critical' },
  step_failed: { ar: 'تعذر إتمام إحدى الخطوات', en: 'a step failed' },
  not_observed: { ar: 'لا مشاهدات في هذه المدة', en: 'not observed' },
  agent_stopped: { ar: 'توقف برنامج الرصد', en: 'agent stopped' },
  suspended: { ar: 'تعليق تشغيل الخادم', en: 'host suspended' },
  not_measurable: { ar: 'تعذر القياس', en: 'not measurable' },
  clock: { ar: 'وقت القياس غير موثوق', en: 'time of measurement not reliable' },
  collector: { ar: 'انقطاع المنصة المركزية', en: 'outage of the collector' },
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
