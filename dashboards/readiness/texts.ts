import type { Text } from '../../collector/web/language.ts'
import type { PanelText } from '../texts.ts'

/** Titles of the rows. */
export const readinessRowTexts = {
  enabled: { ar: 'البنى الأساسية الممكَّنة رقميًا', en: 'Digitally enabled infrastructure' },
  holds: { ar: 'ما يخفض الدرجات', en: 'What holds it down' },
  institutions: { ar: 'المؤسسات', en: 'Institutions' },
} as const satisfies Record<string, Text>

/** Words of this dashboard that the board does not have. */
export const readinessWords = {
  institutions: { ar: 'عدد المؤسسات', en: 'Institutions' },
  official: { ar: 'نموذج معتمد', en: 'Approved model' },
  fired: { ar: 'شروط حاكمة تخفض المستوى', en: 'Gates that hold' },
  notRuledOut: { ar: 'شروط حاكمة لا يمكن نفيها', en: 'Gates not ruled out' },
  levelId: { ar: 'معرّف المستوى', en: 'Id of the level' },
  dimensionId: { ar: 'معرّف البُعد', en: 'Id of the dimension' },
} as const satisfies Record<string, Text>

/** The panels of the dashboard of readiness. */
export const readinessPanelTexts = {
  low: {
    title: { ar: 'الحد الأدنى المثبت', en: 'Proven low' },
    description: {
      ar: 'مؤشر الجاهزية الرقمية بما ثبت وحده. ما لا بيانات عنه لا يُثبت شيئًا.',
      en: 'The digital readiness index by what is proven alone. What is missing proves nothing.',
    },
  },
  beside: {
    title: { ar: 'درجة اليقين', en: 'How sure we are' },
    description: {
      ar: 'النسبة المرصودة من المتاح وحده، والحد الأعلى الممكن، والمستهدف إلى جانبهما.',
      en: 'Observed of what is available alone, the high, and the target beside them.',
    },
  },
  verdict: {
    title: { ar: 'النتيجة', en: 'Verdict' },
    description: {
      ar: 'يتحقق المستهدف إذا بلغه الحد الأدنى المثبت، ولا يتحقق إذا قل عنه الحد الأعلى.',
      en: 'Met when the proven low reaches the target, not met when even the high is below.',
    },
  },
  model: {
    title: { ar: 'نموذج الجاهزية', en: 'Readiness model' },
    description: {
      ar: 'النموذج الذي حُسبت به الدرجات. مسودة النموذج لا تعطي أرقامًا رسمية.',
      en: 'The model that scores. A draft gives no official figure.',
    },
  },
  trend: {
    title: { ar: 'مسار الجاهزية الرقمية', en: 'Readiness over time' },
    description: {
      ar: 'الأرقام كما كانت معلومة في حينها. محور الزمن من اليسار إلى اليمين.',
      en: 'The figures as they were known at the time. Time runs from left to right.',
    },
  },
  levels: {
    title: { ar: 'المؤسسات بحسب المستوى', en: 'Institutions by level' },
    description: {
      ar: 'المستوى بحسب الحد الأدنى المثبت بعد تطبيق الشروط الحاكمة.',
      en: 'The level follows the proven low, after the gates.',
    },
  },
  beingSetUp: {
    title: { ar: 'قيد التهيئة', en: 'Being set up' },
    description: {
      ar: 'مؤسسات لا مستوى لها بعد لأن المقيس من الوزن أو أيام الشواهد لا تكفي.',
      en: 'Institutions without a level yet: too little is measured, or for too few days.',
    },
  },
  kinds: {
    title: { ar: 'المؤسسات والمحافظات', en: 'Institutions and governorates apart' },
    description: {
      ar: 'الجاهزية الرقمية للمؤسسات وللمحافظات كل على حدة.',
      en: 'Readiness of institutions and of governorates, each for themselves.',
    },
  },
  dimensions: {
    title: { ar: 'الأبعاد', en: 'Dimensions' },
    description: {
      ar: 'درجة كل بُعد على المستوى الوطني: المثبت والممكن. الأدنى أولًا.',
      en: 'Score of each dimension of the nation, proven and possible. Lowest first.',
    },
  },
  enabled: {
    title: {
      ar: 'نسبة البنى الأساسية الممكَّنة رقميًا',
      en: 'Share of infrastructure digitally enabled',
    },
    description: {
      ar: 'المؤسسات الممكَّنة رقميًا من إجمالي المؤسسات الأساسية المستهدفة. يلزم استيفاء كل معيار.',
      en: 'Enabled institutions of all core target institutions; every criterion must pass.',
    },
  },
  enabledCounts: {
    title: { ar: 'المؤسسات بحسب التمكين رقميًا', en: 'Institutions enabled or not' },
    description: {
      ar: 'عدد المؤسسات الممكَّنة وغير الممكَّنة وما لا يمكن الجزم به.',
      en: 'How many are enabled, are not, or cannot be told.',
    },
  },
  waived: {
    title: { ar: 'بإعفاء مؤقت', en: 'Held by a waiver' },
    description: {
      ar: 'مؤسسات يشملها إعفاء مؤقت من معيار؛ ولا تُحسب ممكَّنة به.',
      en: 'Institutions with a waiver of a criterion; it does not make them enabled.',
    },
  },
  criteria: {
    title: { ar: 'معايير التمكين رقميًا', en: 'Criteria' },
    description: {
      ar: 'عدد المؤسسات التي تستوفي كل معيار، والتي لا تستوفيه، وما لا يمكن الجزم به.',
      en: 'How many institutions pass each criterion, fail it, or cannot be told.',
    },
  },
  gates: {
    title: { ar: 'الشروط الحاكمة للمستوى', en: 'Gates' },
    description: {
      ar: 'عدد الخوادم والبيئات والمؤسسات التي يخفض بها كل شرط المستوى، أو قد يخفضه.',
      en: 'Hosts, environments and institutions by which each gate holds, or may hold, a level.',
    },
  },
  institutions: {
    title: { ar: 'الجاهزية الرقمية بحسب المؤسسة', en: 'Readiness by institution' },
    description: {
      ar: 'الترتيب من الأدنى مؤشرًا إلى الأعلى. قياس آلي – ليس نتيجة قياس الإجادة.',
      en: 'Lowest proven index first. Automatic measurement, not the official excellence result.',
    },
  },
  institutionLevels: {
    title: { ar: 'المستوى بحسب المؤسسة', en: 'Level by institution' },
    description: {
      ar: 'المستوى المثبت بعد تطبيق الشروط الحاكمة. المؤسسة قيد التهيئة لا مستوى لها بعد.',
      en: 'The level that is proven, gates applied. An institution being set up has none yet.',
    },
  },
  institutionDimensions: {
    title: { ar: 'الأبعاد بحسب المؤسسة', en: 'Dimensions by institution' },
    description: {
      ar: 'درجات المؤسسة المختارة في كل بُعد: المثبت والممكن. الأدنى أولًا.',
      en: 'Scores of the chosen institutions by dimension, proven and possible. Lowest first.',
    },
  },
} as const satisfies Record<string, PanelText>
