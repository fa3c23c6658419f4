import type { Text } from '../../collector/web/language.ts'
import type { PanelText } from '../texts.ts'

/** Titles of the rows. */
export const agentRowTexts = {
  agents: { ar: 'برامج الرصد', en: 'Agents' },
  evidence: { ar: 'شواهد القياس', en: 'Evidence' },
} as const satisfies Record<string, Text>

/** Names of values that the board does not have. */
export const agentTexts = {
  all: { ar: 'الإجمالي', en: 'In all' },
  batch: { ar: 'دفعة قياس', en: 'Batch' },
  gap: { ar: 'إعلان فقد', en: 'Gap declared' },
  rotation: { ar: 'تغيير مفتاح', en: 'Key rotation' },
  heartbeat: { ar: 'نبضة اتصال', en: 'Heartbeat' },
  clockA: { ar: 'بساعة الإقلاع الحالي', en: 'By this boot' },
  clockB: { ar: 'بساعة إقلاع سابق', en: 'By an earlier boot' },
  clockC: { ar: 'غير مؤرخ (غير معلوم)', en: 'Not dated (unknown)' },
  contested: { ar: 'رسائل موقوفة احترازيًا', en: 'Messages kept aside' },
  clock: { ar: 'تأريخ الشواهد', en: 'Dating of evidence' },
  agentId: { ar: 'معرّف برنامج الرصد', en: 'Agent id' },
  count: { ar: 'العدد', en: 'Count' },
} as const satisfies Record<string, Text>

/** The panels of the dashboard of agents and evidence. */
export const agentPanelTexts = {
  summary: {
    title: { ar: 'برامج الرصد الآن', en: 'Agents now' },
    description: {
      ar: 'المنقطع لم يُسمع منه خلال آخر خمس دقائق. الموقوف احترازيًا لا تُحسب شواهده.',
      en: 'Silent: not heard for five minutes. The evidence of a quarantined one does not count.',
    },
  },
  reporting: {
    title: { ar: 'المؤسسات الواردة قياساتها', en: 'Reporting' },
    description: {
      ar: 'المؤسسات المستهدفة التي اتصل منها برنامج رصد خلال آخر خمس دقائق، من إجماليها.',
      en: 'Target institutions heard in the last five minutes, of all of them.',
    },
  },
  waiting: {
    title: { ar: 'رسائل بانتظار الإرسال', en: 'Messages waiting' },
    description: {
      ar: 'رسائل مختومة لدى برامج الرصد لم تصل بعد، بحسب المؤسسة.',
      en: 'Sealed messages that agents still hold, by institution.',
    },
  },
  silentOverTime: {
    title: { ar: 'المتصل والمنقطع عبر الزمن', en: 'Heard and silent over time' },
    description: {
      ar: 'عدد برامج الرصد المتصلة والمنقطعة. محور الزمن من اليسار إلى اليمين.',
      en: 'How many agents are heard and how many are silent. Time runs from left to right.',
    },
  },
  agents: {
    title: { ar: 'جميع برامج الرصد', en: 'Every agent' },
    description: {
      ar: 'الأقدم اتصالًا أولًا.',
      en: 'The one heard longest ago first.',
    },
  },
  versions: {
    title: { ar: 'إصدارات برنامج الرصد', en: 'Versions of the agent' },
    description: {
      ar: 'عدد برامج الرصد لكل إصدار؛ الخانة الفارغة لم يُعرف إصدارها بعد.',
      en: 'How many agents run which version; the empty one is not known yet.',
    },
  },
  clocks: {
    title: { ar: 'تأريخ آخر شواهد', en: 'How the newest evidence is dated' },
    description: {
      ar: 'ما لا يمكن تأريخه يُحفظ ويبقى وقته غير معلوم.',
      en: 'What cannot be dated is kept, and its time stays unknown.',
    },
  },
  coverage: {
    title: { ar: 'نسبة اكتمال القياس بحسب المؤسسة', en: 'Coverage by institution' },
    description: {
      ar: 'نصيب الوقت المعلوم من الوقت ضمن نطاق القياس؛ الأدنى أولًا.',
      en: 'Share of the time in scope that is known; the lowest first.',
    },
  },
  profile: {
    title: { ar: 'كفاية فحوص البيئات', en: 'Enough checks, by environment' },
    description: {
      ar: 'البيئة غير المقيَّمة فحوصها دون الحد الأدنى المطلوب لنوعها، فلا يثبت لها شيء.',
      en: 'One not assessed has fewer checks than its class needs, so nothing is proven of it.',
    },
  },
  messages: {
    title: { ar: 'رسائل جديدة محفوظة', en: 'New messages stored' },
    description: {
      ar: 'رسائل برامج الرصد في الثانية بحسب النوع، على المستوى الوطني.',
      en: 'Messages of agents a second by type, of the whole nation.',
    },
  },
  refusals: {
    title: { ar: 'الطلبات المرفوضة', en: 'Requests refused' },
    description: {
      ar: 'الطلبات المرفوضة في الثانية بحسب رمز السبب، على المستوى الوطني.',
      en: 'Requests refused a second by code of the reason, of the whole nation.',
    },
  },
  duplicates: {
    title: { ar: 'رسائل مكررة', en: 'Messages sent again' },
    description: {
      ar: 'رسائل وصلت من قبل، في الثانية. كثرتها تدل على ضعف الاتصال، ولا تغير أي رقم.',
      en: 'Messages received before, a second. Many mean a weak line; no figure changes by them.',
    },
  },
} as const satisfies Record<string, PanelText>
