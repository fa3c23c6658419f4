import type { PanelText } from '../texts.ts'

/** Panels of the overview that tell of the other indicators and of who is late. */
export const nationalPanelTexts = {
  readiness: {
    title: { ar: 'الجاهزية الرقمية', en: 'Digital readiness' },
    description: {
      ar: 'مؤشر الجاهزية الرقمية وحدوده مقابل المستهدف. قياس آلي – ليس نتيجة قياس الإجادة.',
      en: 'The index with its bounds against its target. Not the official excellence result.',
    },
  },
  readinessVerdict: {
    title: { ar: 'نتيجة الجاهزية الرقمية', en: 'Verdict on readiness' },
    description: {
      ar: 'هل تحقق المستهدف من الجاهزية الرقمية على المستوى الوطني.',
      en: 'Whether the readiness of the nation meets its target.',
    },
  },
  enabled: {
    title: {
      ar: 'نسبة البنى الأساسية الممكَّنة رقميًا',
      en: 'Share of infrastructure digitally enabled',
    },
    description: {
      ar: 'الممكَّنة رقميًا من المؤسسات الأساسية المستهدفة: المثبت والممكن. المستهدف: جميعها.',
      en: 'Enabled of all core target institutions, proven and possible. Target: all of them.',
    },
  },
  migration: {
    title: { ar: 'الانتقال إلى السحابة الرقمية', en: 'Cloud migration' },
    description: {
      ar: 'المنجز المثبت مقابل المخطط حتى الآن، والتقدم بحسب المسجل.',
      en: 'What is proven done against what was planned by now, and earned as registered.',
    },
  },
  forecast: {
    title: { ar: 'توقع الانتقال إلى السحابة الرقمية', en: 'Forecast of the migration' },
    description: {
      ar: 'هل اكتمل الانتقال، أو له موعد متوقع، أو لا تقدم مثبتًا يُبنى عليه توقع.',
      en: 'Whether it is finished, has a date to expect, or shows no proven progress.',
    },
  },
  notReporting: {
    title: { ar: 'المؤسسات المنقطعة قياساتها', en: 'Institutions not reporting' },
    description: {
      ar: 'مؤسسات مستهدفة لم يتصل منها برنامج رصد خلال خمس دقائق قبل آخر حساب. الأقدم أولًا.',
      en: 'Target institutions not heard in the five minutes before the calculation.',
    },
  },
  lateMigration: {
    title: { ar: 'المؤسسات المتأخرة في الانتقال', en: 'Institutions late in migration' },
    description: {
      ar: 'مؤسسات لها أنظمة تجاوزت موعدها ولم تُنجز. الأكثر أولًا.',
      en: 'Institutions with workloads past their finish and not done. The most first.',
    },
  },
} as const satisfies Record<string, PanelText>
