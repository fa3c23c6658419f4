import type { Text } from '../../collector/web/language.ts'
import type { PanelText } from '../texts.ts'

/** Titles of the rows. */
export const institutionRowTexts = {
  environments: { ar: 'بيئات الاستضافة', en: 'Hosting environments' },
} as const satisfies Record<string, Text>

/** Names of values that the board does not have. */
export const institutionTexts = {
  ownFaultLow: { ar: 'دون الأعطال الخارجية: الحد الأدنى', en: 'Own fault only: low' },
  ownFaultHigh: { ar: 'دون الأعطال الخارجية: الحد الأعلى', en: 'Own fault only: high' },
  target: { ar: 'من المؤسسات المستهدفة', en: 'A target institution' },
  measured: { ar: 'الوزن المقيس', en: 'Weight measured' },
} as const satisfies Record<string, Text>

/** The panels of the dashboard of an institution. */
export const institutionPanelTexts = {
  lastReport: {
    title: { ar: 'آخر اتصال', en: 'Last heard' },
    description: {
      ar: 'آخر رسالة من أي برنامج رصد في المؤسسة.',
      en: 'The last message of any agent of the institution.',
    },
  },
  low: {
    title: { ar: 'نسبة استمرار العمل: الحد الأدنى المثبت', en: 'Continuity: proven low' },
    description: {
      ar: 'نسبة الوقت الذي ثبت فيه عمل بيئات المؤسسة. الوقت غير المعلوم لا يُحسب عملًا أبدًا.',
      en: 'Share of time that its environments were proven up. Unknown time never counts as up.',
    },
  },
  beside: {
    title: { ar: 'درجة اليقين', en: 'How sure we are' },
    description: {
      ar: 'النسبة المرصودة والحد الأعلى الممكن ونسبة اكتمال القياس، والمستهدف إلى جانبها.',
      en: 'The observed share, the high, the coverage, and the target beside them.',
    },
  },
  verdict: {
    title: { ar: 'النتيجة', en: 'Verdict' },
    description: {
      ar: 'يتحقق المستهدف إذا بلغه الحد الأدنى المثبت، ولا يتحقق إذا قل عنه الحد الأعلى.',
      en: 'Met when the proven low reaches the target, not met when even the high is below.',
    },
  },
  member: {
    title: { ar: 'نطاق المؤشر', en: 'Population' },
    description: {
      ar: 'هل المؤسسة من المؤسسات المستهدفة التي تُحسب منها النسبة الوطنية.',
      en: 'Whether the institution is one of those that make the national figure.',
    },
  },
  ownFault: {
    title: {
      ar: 'نسبة استمرار العمل دون الأعطال الخارجية',
      en: 'Continuity by own fault only',
    },
    description: {
      ar: 'النسبة لو حُسب التوقف لأسباب خارج الاستضافة عملًا؛ ولا تحل محل النسبة المعتمدة.',
      en: 'As if down time from outside of the hosting were up; never instead of the headline.',
    },
  },
  budget: {
    title: { ar: 'المتبقي من وقت التوقف المسموح به', en: 'Error budget left' },
    description: {
      ar: 'ما بقي في الدورة قبل فوات المستهدف؛ والحد الأدنى يعد غير المعلوم توقفًا.',
      en: 'What the cycle may still lose; the low counts unknown as lost. Below 0: overspent.',
    },
  },
  readiness: {
    title: { ar: 'الجاهزية الرقمية', en: 'Digital readiness' },
    description: {
      ar: 'الحد الأدنى المثبت للمؤشر وحده الأعلى الممكن ونصيب المقيس منه. قياس آلي.',
      en: 'Proven low and high of the index, and the weight measured. Automatic measurement.',
    },
  },
  trend: {
    title: { ar: 'مسار نسبة استمرار العمل', en: 'Continuity over time' },
    description: {
      ar: 'الأرقام كما كانت معلومة في حينها. محور الزمن من اليسار إلى اليمين.',
      en: 'The figures as they were known at the time. Time runs from left to right.',
    },
  },
  lost: {
    title: { ar: 'الوقت الضائع بحسب السبب', en: 'Lost time by cause' },
    description: {
      ar: 'صافي الوقت الضائع في دورة القياس الجارية. الخانات الفارغة تعني أنه لم يضع وقت.',
      en: 'Net time lost in the running cycle. An empty table means that none was lost.',
    },
  },
  environments: {
    title: { ar: 'نسبة استمرار العمل بحسب البيئة', en: 'Continuity by environment' },
    description: {
      ar: 'الترتيب من الأدنى نسبةً إلى الأعلى. النتيجة واستخدام الصيانة لدورة القياس دائمًا.',
      en: 'Lowest proven share first. Verdict and maintenance are always of the cycle.',
    },
  },
  notUp: {
    title: { ar: 'بيئات استضافة تستدعي المتابعة', en: 'Environments not up' },
    description: {
      ar: 'بيئات متوقفة أو غير معلومة أو بأداء منخفض أو في صيانة مجدولة، ووقت البدء.',
      en: 'Environments down, unknown, degraded or in scheduled maintenance, and since when.',
    },
  },
  silent: {
    title: { ar: 'برامج الرصد المنقطعة', en: 'Silent agents' },
    description: {
      ar: 'برامج رصد لا اتصال منها خلال آخر خمس دقائق. حالة هذا الوقت غير معلومة.',
      en: 'Agents not heard for five minutes. Such time is unknown until evidence arrives.',
    },
  },
} as const satisfies Record<string, PanelText>
