import type { Text } from '../../collector/web/language.ts'
import type { PanelText } from '../texts.ts'

/** Titles of the rows. */
export const environmentRowTexts = {
  checks: { ar: 'الفحوص', en: 'Checks' },
  values: { ar: 'القيم المقيسة', en: 'Measured values' },
  figures: { ar: 'الأرقام والوقت الضائع', en: 'Figures and lost time' },
} as const satisfies Record<string, Text>

/** Names of values that the board does not have. */
export const environmentTexts = {
  ownFault: { ar: 'دون الأعطال الخارجية', en: 'Own fault only' },
  maintenance: { ar: 'المستخدم من حصة الصيانة', en: 'Maintenance used' },
  profile: { ar: 'كفاية الفحوص', en: 'Profile' },
  enough: { ar: 'كافية', en: 'Enough checks' },
  outagesCycle: { ar: 'حالات التوقف في الدورة', en: 'Outages in the cycle' },
  longestCycle: { ar: 'أطول توقف في الدورة', en: 'Longest in the cycle' },
  outagesMonth: { ar: 'حالات التوقف في آخر 30 يومًا', en: 'Outages in 30 days' },
  longestMonth: { ar: 'أطول توقف في آخر 30 يومًا', en: 'Longest in 30 days' },
  budgetLow: { ar: 'المتبقي المسموح به: الحد الأدنى', en: 'Budget left: low' },
  budgetHigh: { ar: 'المتبقي المسموح به: الحد الأعلى', en: 'Budget left: high' },
  centre: { ar: 'انقطاع المنصة المركزية', en: 'Outage of the collector' },
} as const satisfies Record<string, Text>

/** The panels of the dashboard of environments and outages. */
export const environmentPanelTexts = {
  timeline: {
    title: { ar: 'سير حالة البيئات', en: 'State of environments over time' },
    description: {
      ar:
        'الحالة بحسب آخر شواهد مختومة في حينها؛ وما ورد متأخرًا يظهر في لوحة المؤشرات. ' +
        'محور الزمن من اليسار إلى اليمين.',
      en: 'As last sealed at the time; what arrived late is on the board. Time runs left to right.',
    },
  },
  now: {
    title: { ar: 'البيئات بحسب الحالة الآن', en: 'Environments by state now' },
    description: {
      ar: 'عدد البيئات المختارة في كل حالة بحسب آخر شواهد مختومة.',
      en: 'How many of the chosen environments are in which state, as last sealed.',
    },
  },
  time: {
    title: { ar: 'زمن دورة القياس بحسب الحالة', en: 'Time of the cycle by state' },
    description: {
      ar: 'زمن البيئات المختارة في دورة القياس. الصيانة وانقطاع المنصة خارج الحساب.',
      en: 'Time of the chosen environments in the cycle. Maintenance and centre do not count.',
    },
  },
  figures: {
    title: { ar: 'نسبة استمرار العمل بحسب البيئة', en: 'Continuity by environment' },
    description: {
      ar: 'الترتيب من الأدنى نسبةً إلى الأعلى. النتيجة واستخدام الصيانة لدورة القياس دائمًا.',
      en: 'Lowest proven share first. Verdict and maintenance are always of the cycle.',
    },
  },
  lost: {
    title: { ar: 'الوقت الضائع بحسب السبب', en: 'Lost time by cause' },
    description: {
      ar: 'صافي الوقت الضائع في دورة القياس الجارية. الخانات الفارغة تعني أنه لم يضع وقت.',
      en: 'Net time lost in the running cycle. An empty table means that none was lost.',
    },
  },
  outages: {
    title: { ar: 'حالات التوقف بحسب البيئة', en: 'Outages by environment' },
    description: {
      ar: 'عدد حالات التوقف وأطولها دون الصيانة، والمتبقي من وقت التوقف المسموح به في الدورة.',
      en: 'How many, the longest without maintenance, and what is left of the budget of the cycle.',
    },
  },
  checkTimeline: {
    title: { ar: 'سير حالة الفحوص', en: 'State of checks over time' },
    description: {
      ar: 'يعمل (ولو بأداء منخفض) أو متوقف أو غير معلوم. محور الزمن من اليسار إلى اليمين.',
      en: 'Up (also when degraded), down or unknown. Time runs from left to right.',
    },
  },
  checkStates: {
    title: { ar: 'عدد الفحوص بحسب الحالة', en: 'Checks by state' },
    description: {
      ar: 'عدد الفحوص في كل حالة بحسب آخر شواهد مختومة.',
      en: 'How many checks are in which state, as last sealed.',
    },
  },
  response: {
    title: { ar: 'أزمنة الاستجابة', en: 'Response times' },
    description: {
      ar: 'آخر زمن استجابة لكل فحص. لا قيمة أثناء انقطاع برنامج الرصد.',
      en: 'Last response time of each check. No value while its agent is silent.',
    },
  },
  free: {
    title: { ar: 'المتاح من الأقراص', en: 'Free disk space' },
    description: {
      ar: 'نصيب المتاح من كل قرص. لا قيمة أثناء انقطاع برنامج الرصد.',
      en: 'Share of each disk that is free. No value while its agent is silent.',
    },
  },
  used: {
    title: { ar: 'استخدام الموارد', en: 'Resources used' },
    description: {
      ar: 'المستخدم من الذاكرة والمعالج. لا قيمة أثناء انقطاع برنامج الرصد.',
      en: 'Share of memory and processor in use. No value while its agent is silent.',
    },
  },
  certificates: {
    title: { ar: 'صلاحية الشهادات المتبقية', en: 'Validity left of certificates' },
    description: {
      ar: 'المدة المتبقية لكل شهادة قبل انتهاء صلاحيتها.',
      en: 'How long each certificate is still valid.',
    },
  },
  backups: {
    title: { ar: 'عمر آخر نسخة احتياطية ناجحة', en: 'Age of last good backup' },
    description: {
      ar: 'المدة المنقضية منذ آخر نسخة احتياطية ناجحة.',
      en: 'Time since the last good backup.',
    },
  },
  clocks: {
    title: { ar: 'انحراف الساعة', en: 'Offset of clocks' },
    description: {
      ar: 'انحراف ساعة الخادم عن الوقت الصحيح في أي اتجاه.',
      en: 'How far the clock of a host is off, either way.',
    },
  },
} as const satisfies Record<string, PanelText>
