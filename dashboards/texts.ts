import type { Text } from '../collector/web/language.ts'

/** What a panel is called and what it says. */
export type PanelText = { readonly title: Text; readonly description: Text }

/** What each dashboard is called and what it is for, in the order in which they link each other. */
export const boardTexts = {
  national: {
    title: {
      ar: 'استمرار – نسبة استمرار العمل على المستوى الوطني',
      en: 'Istimrar – Continuity of the nation',
    },
    description: {
      ar: 'المؤسسات الواردة قياساتها، والمؤشرات مقابل المستهدف، ومن يستدعي المتابعة.',
      en: 'Who reports, the indicators against their targets, and who needs attention.',
    },
  },
  institution: {
    title: { ar: 'استمرار – المؤسسة', en: 'Istimrar – Institution' },
    description: {
      ar: 'مؤشرات مؤسسة واحدة وبيئاتها والوقت الضائع فيها.',
      en: 'The indicators of one institution, its environments and what they lost.',
    },
  },
  environment: {
    title: { ar: 'استمرار – البيئات وحالات التوقف', en: 'Istimrar – Environments and outages' },
    description: {
      ar: 'حالة بيئات الاستضافة عبر الزمن وفحوصها وأسباب الوقت الضائع.',
      en: 'State of hosting environments over time, their checks and causes of lost time.',
    },
  },
  readiness: {
    title: { ar: 'استمرار – الجاهزية الرقمية', en: 'Istimrar – Digital readiness' },
    description: {
      ar: 'نسبة مؤشر الجاهزية الرقمية ونسبة البنى الأساسية الممكَّنة رقميًا وما يلزم لرفعهما.',
      en: 'The digital readiness index, the share digitally enabled, and what holds them down.',
    },
  },
  migration: {
    title: {
      ar: 'استمرار – الانتقال إلى السحابة الرقمية',
      en: 'Istimrar – Cloud migration',
    },
    description: {
      ar: 'الانتقال إلى السحابة الرقمية مقابل خارطة الطريق، والالتزام بتعميم سياسة الاستضافة.',
      en: 'Cloud migration against its roadmap, and compliance with the hosting policy.',
    },
  },
  agents: {
    title: {
      ar: 'استمرار – برامج الرصد وشواهد القياس',
      en: 'Istimrar – Agents and evidence',
    },
    description: {
      ar: 'برامج الرصد المتصلة والمنقطعة، وما يرد منها من شواهد القياس، واكتمال القياس.',
      en: 'Agents heard and silent, the evidence that arrives from them, and coverage.',
    },
  },
  collector: {
    title: { ar: 'استمرار – المنصة المركزية للرصد', en: 'Istimrar – The collector' },
    description: {
      ar: 'عمل المنصة المركزية نفسها: الطلبات والحفظ والحساب والموارد.',
      en: 'How the collector itself works: requests, writes, calculation and resources.',
    },
  },
} as const satisfies Record<string, PanelText>

/** A dashboard; its uid is made of it and the language. */
export type BoardName = keyof typeof boardTexts

/** Texts of the dashboards that the board does not have. */
export const texts = {
  otherLanguage: { ar: 'English', en: 'العربية' },
  otherLanguageHow: { ar: 'اللوحة نفسها بالإنجليزية', en: 'The same dashboard in Arabic' },
  datasource: { ar: 'مصدر البيانات', en: 'Data source' },
  job: { ar: 'المنصة المركزية للرصد', en: 'Collector' },
  window: { ar: 'المدة', en: 'Period' },
  ofTargets: { ar: 'المؤسسات المستهدفة', en: 'Target institutions' },
  target: { ar: 'المستهدف', en: 'Target' },
  institution: { ar: 'المؤسسة', en: 'Institution' },
  environment: { ar: 'البيئة', en: 'Environment' },
  all: { ar: 'الكل', en: 'All' },
  open: { ar: 'فتح: {board}', en: 'Open: {board}' },
  kind: { ar: 'الفئة', en: 'Kind' },
  id: { ar: 'المعرّف', en: 'Id' },
  institutionId: { ar: 'معرّف المؤسسة', en: 'Institution id' },
  automatic: {
    ar: 'قياس آلي – ليس نتيجة قياس الإجادة',
    en: 'Automatic measurement, not the official excellence result',
  },
  evaluationTime: { ar: 'مدة الحساب', en: 'Calculation' },
  sinceEvaluation: { ar: 'عمر الأرقام', en: 'Age of the figures' },
  request: { ar: 'الرد على الطلب', en: 'Answer to a request' },
  commit: { ar: 'الحفظ على القرص', en: 'Write to disk' },
  eventLoop: { ar: 'انتظار المعالجة', en: 'Wait for the event loop' },
  answers: { ar: 'تعمل', en: 'Answers' },
  status: { ar: 'حالة الاعتماد', en: 'Status' },
  active: { ar: 'معتمد', en: 'Active' },
  noAnswer: { ar: 'لا استجابة', en: 'No answer' },
} as const satisfies Record<string, Text>

/** Titles of the rows. */
export const rowTexts = {
  institutions: { ar: 'المؤسسات', en: 'Institutions' },
  attention: { ar: 'ما يستدعي المتابعة الآن', en: 'What needs attention now' },
  collector: { ar: 'المنصة المركزية للرصد', en: 'The collector' },
} as const satisfies Record<string, Text>

/** The panels of the national dashboard. */
export const panelTexts = {
  reporting: {
    title: { ar: 'المؤسسات الواردة قياساتها', en: 'Reporting' },
    description: {
      ar: 'المؤسسات المستهدفة التي اتصل منها برنامج رصد خلال آخر خمس دقائق، من إجماليها.',
      en: 'Target institutions heard in the last five minutes, of all of them.',
    },
  },
  low: {
    title: { ar: 'الحد الأدنى المثبت', en: 'Proven low' },
    description: {
      ar: 'نسبة الوقت الذي ثبت فيه العمل. الوقت غير المعلوم لا يُحسب عملًا أبدًا.',
      en: 'The share of time that was proven up: the headline. Unknown time never counts as up.',
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
  nature: {
    title: { ar: 'طبيعة البيانات', en: 'Kind of data' },
    description: {
      ar: 'قياس فعلي أو بيانات محاكاة للتجربة.',
      en: 'Whether the data are measured or those of a synthetic nation.',
    },
  },
  asOf: {
    title: { ar: 'نهاية المدة المحسوبة', en: 'Figures as of' },
    description: {
      ar: 'اللحظة التي تنتهي عندها كل المدد؛ ما جرى بعدها يظهر في الحساب التالي.',
      en: 'The moment at which every period ends; what happened later is in the next calculation.',
    },
  },
  trend: {
    title: { ar: 'مسار نسبة استمرار العمل', en: 'Continuity over time' },
    description: {
      ar: 'الأرقام كما كانت معلومة في حينها. محور الزمن من اليسار إلى اليمين.',
      en: 'The figures as they were known at the time. Time runs from left to right.',
    },
  },
  verdicts: {
    title: { ar: 'المؤسسات المستهدفة بحسب النتيجة', en: 'Target institutions by verdict' },
    description: {
      ar: 'عدد المؤسسات المستهدفة لكل نتيجة ونصيبها من الإجمالي.',
      en: 'How many target institutions have which verdict, and their share.',
    },
  },
  readings: {
    title: { ar: 'القراءات الأخرى للمدة نفسها', en: 'Other readings of the same period' },
    description: {
      ar: 'القراءة المعتمدة تحددها السياسة؛ وتُعرض القراءات الأخرى إلى جانبها دائمًا.',
      en: 'The policy chooses the headline; the other readings always stand beside it.',
    },
  },
  kinds: {
    title: { ar: 'المؤسسات والمحافظات', en: 'Institutions and governorates apart' },
    description: {
      ar: 'نسبة استمرار العمل للمؤسسات وللمحافظات كل على حدة.',
      en: 'Continuity of institutions and of governorates, each for themselves.',
    },
  },
  governorates: {
    title: { ar: 'نسبة استمرار العمل بحسب المحافظة', en: 'Continuity by governorate' },
    description: {
      ar: 'الترتيب من الأدنى نسبةً إلى الأعلى. المحافظة قيد التهيئة لا نتيجة لها بعد.',
      en: 'Lowest proven share first. A governorate being set up has no verdict yet.',
    },
  },
  institutions: {
    title: { ar: 'نسبة استمرار العمل بحسب المؤسسة', en: 'Continuity by institution' },
    description: {
      ar: 'الترتيب من الأدنى نسبةً إلى الأعلى. المؤسسة قيد التهيئة لا نتيجة لها بعد.',
      en: 'Lowest proven share first. An institution being set up has no verdict yet.',
    },
  },
  environments: {
    title: { ar: 'بيئات استضافة تستدعي المتابعة', en: 'Environments not up' },
    description: {
      ar: 'بيئات متوقفة أو غير معلومة أو بأداء منخفض أو في صيانة مجدولة، ووقت البدء.',
      en: 'Environments down, unknown, degraded or in scheduled maintenance, and since when.',
    },
  },
  agents: {
    title: { ar: 'برامج الرصد المنقطعة', en: 'Silent agents' },
    description: {
      ar: 'برامج رصد لا اتصال منها خلال آخر خمس دقائق. حالة هذا الوقت غير معلومة.',
      en: 'Agents not heard for five minutes. Such time is unknown until evidence arrives.',
    },
  },
  collectorUp: {
    title: { ar: 'حالة المنصة', en: 'State' },
    description: {
      ar: 'استجابة المنصة المركزية لآخر طلب من نظام المراقبة.',
      en: 'Whether the collector answered the last scrape.',
    },
  },
  messages: {
    title: { ar: 'الرسائل الواردة', en: 'Messages' },
    description: {
      ar: 'رسائل برامج الرصد في الثانية بحسب النوع وما آلت إليه.',
      en: 'Messages of agents a second, by type and by what became of them.',
    },
  },
  answerTimes: {
    title: { ar: 'أزمنة الاستجابة', en: 'Response times' },
    description: {
      ar: 'الزمن الذي لا يتجاوزه 95% من الطلبات وعمليات الحفظ، وانتظار المعالجة.',
      en: 'What 95 % of requests and writes stay within, and the wait for the event loop.',
    },
  },
  evaluation: {
    title: { ar: 'حساب المؤشرات', en: 'Calculation of the figures' },
    description: {
      ar: 'الوقت المنقضي منذ آخر حساب، والمدة التي يستغرقها الحساب.',
      en: 'Time since the last calculation, and how long a calculation takes.',
    },
  },
  memory: {
    title: { ar: 'الذاكرة المستخدمة', en: 'Memory' },
    description: {
      ar: 'الذاكرة التي تشغلها المنصة المركزية.',
      en: 'Memory that the collector occupies.',
    },
  },
  processor: {
    title: { ar: 'استخدام المعالج', en: 'Processor' },
    description: {
      ar: 'نصيب المنصة المركزية من وحدة معالجة واحدة.',
      en: 'Share of one processor core that the collector uses.',
    },
  },
} as const satisfies Record<string, PanelText>
