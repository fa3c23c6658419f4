import type { Text } from '../../language.ts'

/** Of `check`, `show-next-batch` and `receipts`. */
export const checkTexts = {
  details: {
    ar: 'لا يُرسل شيء. رمز الخروج 0 أيًا كانت الحالة، و1 إذا تعذر الفحص.',
    en: 'Nothing is sent. Exit 0 whatever the state; 1 when the look could not be made.',
  },
  took: { ar: '{part}: {seconds} ث', en: '{part}: {seconds} s' },
  name: { ar: 'البحث عن الاسم', en: 'name looked up' },
  connection: { ar: 'فتح الاتصال', en: 'connected' },
  handshake: { ar: 'إنشاء الاتصال الآمن', en: 'secured' },
  head: { ar: 'بدء الجواب', en: 'answer begun' },
  step: { ar: 'الخطوة {n}', en: 'step {n}' },
  noCheck: {
    ar: 'لا يوجد فحص باسم {name}. الفحوص: {names}',
    en: 'There is no check "{name}". Checks: {names}',
  },
  failed: {
    ar: 'تعذر إجراء الفحص ({why}).',
    en: 'The look could not be made: {why}',
  },
} as const satisfies Record<string, Text>

export const nextBatchTexts = {
  details: {
    ar: 'تُعرض الرسالة بصيغة `JSON`، ولا يرسل هذا الأمر شيئًا.',
    en: 'The message is printed as `JSON`; nothing is sent by this command.',
  },
  waiting: { ar: 'موقَّعة وفي انتظار الإرسال:', en: 'Signed and waiting:' },
  preview: { ar: 'كما ستُختم لو خُتمت الآن:', en: 'As it would be sealed now:' },
  nothing: { ar: 'لا شيء بعد.', en: 'Nothing yet.' },
} as const satisfies Record<string, Text>

export const receiptsTexts = {
  details: {
    ar: `يعطي المدقق الملف للأمر: \`collector verify FILE --receipts RECEIPTS\`
في الإيصالات نقاط التحقق أيضًا، ولا سرّ فيها.`,
    en: `An auditor gives the file to: \`collector verify FILE --receipts RECEIPTS\`
Receipts hold the checkpoints too. Nothing in them is secret.`,
  },
} as const satisfies Record<string, Text>
