import type { Text } from '../web/language.ts'
import type { EventStatus, EventType } from './event.ts'

type Texts = Readonly<Record<EventStatus, Text>>

/** What an event says to people. Places are filled from the event. */
export const hookTexts = {
  environment_down: {
    began: {
      ar: 'بيئة الاستضافة {environment} في {institution} متوقفة منذ {since}.',
      en: 'The hosting environment {environment} of {institution} has been down since {since}.',
    },
    ended: {
      ar: 'عادت بيئة الاستضافة {environment} في {institution} إلى العمل منذ {since}.',
      en: 'The hosting environment {environment} of {institution} has worked again since {since}.',
    },
    gone: {
      ar:
        'بيئة الاستضافة {environment} في {institution} خارج نطاق القياس، وانتهى التنبيه عن ' +
        'توقفها.',
      en: 'The hosting environment {environment} of {institution} is out of scope; it was down.',
    },
  },
  agent_silent: {
    began: {
      ar:
        'انقطاع برنامج الرصد {agent} في بيئة الاستضافة {environment}، {institution}. آخر ' +
        'اتصال: {since}. حالة هذا الوقت غير معلومة إلى أن ترد شواهده.',
      en:
        'The agent {agent} in {environment} of {institution} is silent. Last heard: {since}. ' +
        'Its time is unknown until it delivers its evidence.',
    },
    ended: {
      ar: 'عاد اتصال برنامج الرصد {agent} في بيئة الاستضافة {environment}، {institution}.',
      en: 'The agent {agent} in {environment} of {institution} is heard again.',
    },
    gone: {
      ar: 'لم يعد برنامج الرصد {agent} في {institution} مسجلًا، وانتهى التنبيه عن انقطاعه.',
      en: 'The agent {agent} of {institution} is no longer enrolled; it was silent.',
    },
  },
  publish_held: {
    began: {
      ar:
        'تغيرت الأرقام دفعة واحدة تغيرًا غير معتاد، فبقي المنشور على حاله منذ {since} حتى ' +
        'التأكيد.',
      en:
        'The figures jumped; what is published is as it was at {since}, until a person ' +
        'confirms them.',
    },
    ended: {
      ar: 'نُشرت الأرقام الجديدة، ولا أرقام بانتظار التأكيد.',
      en: 'The newer figures are published; none is held back.',
    },
    gone: { ar: 'لا أرقام بانتظار التأكيد.', en: 'No figures are held back.' },
  },
  cycle_at_risk: {
    began: {
      ar:
        'مستهدف نصف السنة في خطر: استنفدت بيئة الاستضافة {environment} في {institution} ما ' +
        'نسبته {used} من وقت التوقف والوقت غير المعلوم المسموح به في دورة القياس.',
      en:
        'The half-year is at risk: {environment} of {institution} has used {used} of the ' +
        'time that may be down or unknown in this cycle.',
    },
    ended: {
      ar:
        'مستهدف نصف السنة لم يعد في خطر لبيئة الاستضافة {environment} في {institution}: ' +
        'المستنفد {used}.',
      en:
        'The half-year of {environment} of {institution} is no longer at risk: {used} is ' +
        'used up.',
    },
    gone: {
      ar:
        'بيئة الاستضافة {environment} في {institution} خارج نطاق القياس، وانتهى التنبيه عن ' +
        'مستهدف نصف السنة.',
      en:
        'The hosting environment {environment} of {institution} is out of scope; its ' +
        'half-year was at risk.',
    },
  },
  migration_late: {
    began: {
      ar:
        'تأخر الانتقال إلى السحابة الرقمية في {institution}. الأنظمة المتأخرة: {late} من ' +
        '{workloads}.',
      en: 'Cloud migration of {institution} is late. Late workloads: {late} of {workloads}.',
    },
    ended: {
      ar: 'لا أنظمة متأخرة في الانتقال إلى السحابة الرقمية في {institution}.',
      en: 'No workload of the cloud migration of {institution} is late any more.',
    },
    gone: {
      ar: 'لا أنظمة مسجلة في {institution}، وانتهى التنبيه عن تأخر الانتقال.',
      en: 'No workload of {institution} is registered any more; some were late.',
    },
  },
} as const satisfies Record<EventType, Texts>

/** An institution of which no agent is heard. */
export const institutionSilentTexts = {
  began: {
    ar:
      'انقطعت القياسات عن {institution}: لا اتصال من أي من برامج الرصد فيها، وعددها ' +
      '{agents}. آخر اتصال: {since}.',
    en:
      'Nothing is heard of {institution}: all of its {agents} agents are silent. Last heard: ' +
      '{since}.',
  },
  ended: {
    ar: 'عادت القياسات من {institution}.',
    en: '{institution} is heard again.',
  },
  gone: {
    ar: 'لم تعد {institution} مسجلة، وانتهى التنبيه عن انقطاع قياساتها.',
    en: '{institution} is no longer registered; nothing was heard of it.',
  },
} as const satisfies Texts

/** What an administrator sends to try a hook. */
export const testText = {
  ar: 'رسالة تجريبية من منظومة استمرار: وصولها يعني صحة الإعداد.',
  en: 'A trial message of Istimrar: that it arrived means that all is set up.',
} as const satisfies Text

export const wordTexts = {
  simulated: { ar: 'بيانات محاكاة – ليست رسمية', en: 'SIMULATED – not official' },
  never: { ar: 'لا اتصال سابق', en: 'never' },
} as const satisfies Record<string, Text>
