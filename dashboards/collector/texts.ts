import type { Text } from '../../collector/web/language.ts'
import type { PanelText } from '../texts.ts'

/** Titles of the rows. */
export const collectorRowTexts = {
  requests: { ar: 'الطلبات', en: 'Requests' },
  evidence: { ar: 'ورود شواهد القياس وحسابها', en: 'Evidence in, figures out' },
  store: { ar: 'حفظ شواهد القياس', en: 'The store' },
  resources: { ar: 'الموارد', en: 'Resources' },
} as const satisfies Record<string, Text>

/** Words of this dashboard that the board does not have. */
export const collectorWords = {
  published: { ar: 'الأرقام منشورة', en: 'Figures are published' },
  held: { ar: 'النشر موقوف حتى التأكيد', en: 'Held until confirmed' },
  failures: { ar: 'ردود متعثرة', en: 'Failed answers' },
  commits: { ar: 'عمليات الحفظ في الثانية', en: 'Writes a second' },
  perCommit: { ar: 'رسائل في عملية الحفظ', en: 'Messages in a write' },
  resident: { ar: 'الذاكرة المشغولة', en: 'Resident' },
  heap: { ar: 'ذاكرة البيانات', en: 'Heap in use' },
  database: { ar: 'قاعدة البيانات', en: 'Database' },
  wal: { ar: 'سجل الكتابة المسبقة', en: 'Write-ahead log' },
  disk: { ar: 'سعة القرص', en: 'Size of the disk' },
  diskFree: { ar: 'المساحة الحرة', en: 'Free' },
  passing: { ar: 'تعثر عابر', en: 'Passing' },
  lasting: { ar: 'تعثر دائم', en: 'Lasting' },
  log: { ar: 'سجل الشواهد', en: 'Evidence log' },
  leaves: { ar: 'القيود', en: 'Leaves' },
  signedLeaves: { ar: 'القيود في آخر نقطة تحقق', en: 'Leaves under the checkpoint' },
  signedAt: { ar: 'آخر نقطة تحقق', en: 'Newest checkpoint' },
  openFiles: { ar: 'الملفات المفتوحة', en: 'Open files' },
  openFilesMax: { ar: 'الحد الأعلى', en: 'Limit' },
} as const satisfies Record<string, Text>

/** The panels of the dashboard of the collector that the overview does not have. */
export const collectorPanelTexts = {
  held: {
    title: { ar: 'نشر الأرقام', en: 'Publishing' },
    description: {
      ar: 'هل تُنشر الأرقام الجديدة، أم ينتظر نشرها التأكيد لتغيرها الكبير.',
      en: 'Whether new figures are published, or a large change waits for a person to confirm it.',
    },
  },
  age: {
    title: { ar: 'عمر الأرقام', en: 'Age of the figures' },
    description: {
      ar: 'الوقت المنقضي منذ آخر حساب للمؤشرات.',
      en: 'Time since the figures were last computed.',
    },
  },
  version: {
    title: { ar: 'الإصدار', en: 'Version' },
    description: { ar: 'إصدار المنصة المركزية.', en: 'The version of the collector.' },
  },
  started: {
    title: { ar: 'بدء التشغيل', en: 'Started' },
    description: {
      ar: 'متى بدأ تشغيل المنصة المركزية آخر مرة.',
      en: 'When the collector was last started.',
    },
  },
  clockSteps: {
    title: { ar: 'تغييرات الساعة', en: 'Clock steps' },
    description: {
      ar: 'عدد المرات التي ضُبطت فيها ساعة الخادم بأكثر من ثانية أثناء التشغيل.',
      en: 'Times the clock of the host was set by more than a second while it ran.',
    },
  },
  byRoute: {
    title: { ar: 'الطلبات بحسب العنوان', en: 'Requests by route' },
    description: { ar: 'الطلبات في الثانية لكل عنوان.', en: 'Requests a second of each route.' },
  },
  byStatus: {
    title: { ar: 'الردود بحسب رمزها', en: 'Answers by status' },
    description: {
      ar: 'الردود في الثانية بحسب رمز الرد، وما تعثر منها.',
      en: 'Answers a second by status, and those that failed.',
    },
  },
  slowByRoute: {
    title: { ar: 'زمن الرد بحسب العنوان', en: 'Response time by route' },
    description: {
      ar: 'الزمن الذي لا يتجاوزه 95% من الطلبات لكل عنوان.',
      en: 'What 95 % of the requests of each route stay within.',
    },
  },
  refusals: {
    title: { ar: 'الطلبات المرفوضة', en: 'Refusals' },
    description: {
      ar: 'الطلبات المرفوضة في الثانية بحسب السبب.',
      en: 'Refused requests a second, by why.',
    },
  },
  writes: {
    title: { ar: 'الحفظ على القرص', en: 'Writes to disk' },
    description: {
      ar: 'عمليات الحفظ في الثانية، وعدد الرسائل الذي لا يتجاوزه 95% منها.',
      en: 'Writes a second, and the number of messages that 95 % of them stay within.',
    },
  },
  backup: {
    title: { ar: 'آخر نسخة احتياطية', en: 'Newest backup' },
    description: {
      ar: 'متى بدأت آخر نسخة احتياطية من بيانات المنصة.',
      en: "When the newest backup of the collector's data began.",
    },
  },
  sizes: {
    title: { ar: 'حجم البيانات', en: 'Size of the data' },
    description: {
      ar: 'حجم قاعدة البيانات وسجل الكتابة المسبقة الذي تطيله القراءة الطويلة.',
      en: 'The database, and its write-ahead log, which a long reader grows.',
    },
  },
  disk: {
    title: { ar: 'القرص', en: 'Disk' },
    description: {
      ar: 'المساحة الحرة من القرص الذي عليه البيانات، وسعته.',
      en: 'What is free of the disk that the data are on, and its size.',
    },
  },
  failures: {
    title: { ar: 'تعثر الحفظ', en: 'Failures of the store' },
    description: {
      ar: 'العابر لا يحفظ شيئًا فيُعاد الإرسال، والدائم يوقف المنصة حفاظًا على الشواهد.',
      en: 'A passing one stores nothing and is sent again; a lasting one ends the process.',
    },
  },
  waiting: {
    title: { ar: 'رسائل تنتظر الحفظ', en: 'Messages waiting' },
    description: {
      ar: 'رسائل وردت ولم تُحفظ بعد؛ ولا إيصال لها قبل حفظها.',
      en: 'Messages that came and are not on disk yet; none has a receipt before it is.',
    },
  },
  logs: {
    title: { ar: 'سجلات الشواهد', en: 'Evidence logs' },
    description: {
      ar: 'قيود كل سجل، وما تشمله آخر نقطة تحقق موقعة منها ومتى. الأقدم أولًا.',
      en: 'Leaves of each log, those under its newest signed checkpoint, and when. Oldest first.',
    },
  },
  openFiles: {
    title: { ar: 'الملفات المفتوحة', en: 'Open files' },
    description: {
      ar: 'الملفات والاتصالات المفتوحة مقابل الحد الأعلى لها.',
      en: 'Open files and connections against their limit.',
    },
  },
} as const satisfies Record<string, PanelText>
