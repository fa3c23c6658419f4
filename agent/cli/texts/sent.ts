import type { Text } from '../../language.ts'

/** Of `sent`. */
export const sentTexts = {
  since: {
    ar: 'منذ متى: مدة مثل `24h` أو `7d`، أو تاريخ مثل `2026-11-20` (UTC).',
    en: 'From when on: `24h`, `7d` or a date such as `2026-11-20` (UTC).',
  },
  json: {
    ar: 'عرض الرسائل كاملة بصيغة `JSON`، كل رسالة في سطر.',
    en: 'Print the whole messages as `JSON`, one a line.',
  },
  details: {
    ar: `يعرض كل رسالة غادرت هذا الجهاز كما هي. تُحفظ الرسائل المستلمة 7 أيام أو 64 ميبيبايت.
ويغادره أيضًا نبض كل 90 ثانية ولا يُحفظ: الساعتان وعدد ما ينتظر والإصدار.`,
    en: `Shows every message that left this host, as it is. Received ones are kept 7 days or 64 MiB.
A heartbeat leaves too, every 90 s, and is not kept: both clocks, what waits, the version.`,
  },
  badSince: {
    ar: 'قيمة `--since` مدة مثل `24h` أو `7d`، أو تاريخ مثل `2026-11-20`',
    en: '`--since` takes a time such as `24h` or `7d`, or a date such as `2026-11-20`',
  },
  sealed: { ar: 'خُتمت', en: 'Sealed' },
  message: { ar: 'الرسالة', en: 'Message' },
  type: { ar: 'النوع', en: 'Type' },
  content: { ar: 'المحتوى', en: 'Content' },
  bytes: { ar: 'بايت', en: 'Bytes' },
  contents: {
    ar: 'تغيرات {runs}، بيانات جاهزية وقيم {facts}، تعريفات {checks}',
    en: 'runs {runs}, facts and values {facts}, definitions {checks}',
  },
  notAcknowledged: { ar: '{content}؛ لم يصل إيصالها بعد', en: '{content}; no receipt yet' },
  nothing: { ar: 'لم تغادر أي رسالة في هذه المدة.', en: 'Nothing left in this time.' },
} as const satisfies Record<string, Text>

export const typeTexts = {
  batch: { ar: 'شواهد', en: 'evidence' },
  gap: { ar: 'إعلان فقد', en: 'loss' },
  rotation: { ar: 'تغيير مفتاح', en: 'new key' },
} as const satisfies Record<string, Text>
