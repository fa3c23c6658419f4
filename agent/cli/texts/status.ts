import type { Contact } from '../../deliver.ts'
import type { Text } from '../../language.ts'

/** Of `status`. */
export const statusTexts = {
  details: {
    ar: `يُنفَّذ سواء أكان برنامج الرصد يعمل أم لا، ولا يغيّر شيئًا.
رمز الخروج 0 إذا لم يلزم تدخل، و3 إذا لزم (إيقاف احترازي، أو طلب عودة، أو تعارض).`,
    en: `Works whether the agent runs or not, and only reads.
Exit 0 nothing needs a person, 3 somebody has to act (quarantine, rejoin, contradiction).`,
  },
  agent: { ar: 'برنامج الرصد', en: 'Agent' },
  named: { ar: '{agent} ({name})', en: '{agent} ({name})' },
  belongsTo: { ar: 'يتبع', en: 'Belongs to' },
  place: {
    ar: 'البيئة {environment} في المؤسسة {institution}',
    en: 'environment {environment} of {institution}',
  },
  collector: { ar: 'المنصة المركزية', en: 'Collector' },
  progress: { ar: 'الوضع', en: 'Progress' },
  contact: { ar: 'آخر اتصال', en: 'Contact' },
  contactAt: { ar: '{outcome}، {ago}', en: '{outcome}, {ago}' },
  noneYet: { ar: 'لم يحدث بعد', en: 'none yet' },
  receipt: { ar: 'إيصال الاستلام', en: 'Receipt' },
  receiptOf: {
    ar: 'الفترة {epoch}، الرسالة {seq}، استُلمت {received}',
    en: 'epoch {epoch}, message {seq}, received {received}',
  },
  spool: { ar: 'في الانتظار', en: 'Spool' },
  waiting: {
    ar: 'الرسائل: {messages}، وحجمها بالبايت: {bytes}',
    en: 'messages: {messages}, bytes: {bytes}',
  },
  looked: { ar: 'آخر رصد', en: 'Looked' },
  notYet: { ar: 'لم يحدث بعد', en: 'not yet' },
  notLooked: { ar: 'لم يُفحص بعد', en: 'not looked at yet' },
  facts: { ar: 'بيانات الجاهزية', en: 'Facts' },
  factsSent: { ar: 'قيست {ago}، واستُلمت', en: 'measured {ago}, received' },
  factsWait: { ar: 'قيست {ago}، وتنتظر الإرسال', en: 'measured {ago}, wait to be sent' },
  toConfirm: { ar: '{state}، بانتظار التأكيد', en: '{state}, to be confirmed' },
  because: { ar: '{state} ({reason})', en: '{state} ({reason})' },
  key: { ar: 'المفتاح', en: 'Key' },
  keyWaits: { ar: 'مفتاح جديد ينتظر المنصة المركزية', en: 'a new one waits for the collector' },
  quarantined: { ar: 'موقوف احترازيًا', en: 'Quarantined' },
  quarantine: {
    ar: '{ago}؛ لا يُرسل شيء. أوقف النسخة الأخرى ثم نفّذ: `istimrar-agent rejoin`',
    en: '{ago}; nothing is sent. Stop the other copy of this agent, then: `istimrar-agent rejoin`',
  },
  rejoin: { ar: 'طلب العودة', en: 'Rejoin' },
  rejoinWaits: {
    ar: 'ينتظر مسؤول المنصة، والرمز {code}؛ ثم نفّذ من جديد: `istimrar-agent rejoin`',
    en: 'waits for an administrator, code {code}; then again: `istimrar-agent rejoin`',
  },
  alarm: { ar: 'إنذار', en: 'ALARM' },
  contradiction: {
    ar: 'سجل المنصة المركزية يناقض نفسه ({logs}). احتفظ بهذا المجلد وأبلغ المدقق.',
    en: "the collector's log contradicts itself ({logs}). Keep this folder and tell the auditor.",
  },
} as const satisfies Record<string, Text>

/** One word for how the agent gets on. */
export const progressTexts = {
  never_ran: {
    ar: 'لم يعمل بعد. شغّل خدمته، أو نفّذ: `istimrar-agent run`',
    en: 'never ran. Start its service, or: `istimrar-agent run`',
  },
  not_running: {
    ar: 'متوقف. شغّل خدمته، أو نفّذ: `istimrar-agent run`',
    en: 'does not run. Start its service, or: `istimrar-agent run`',
  },
  reporting: { ar: 'يرصد ويبلّغ', en: 'watches and reports' },
  catching_up: { ar: 'يرصد، ويرسل ما تأخر', en: 'watches, and sends what is late' },
  out_of_touch: {
    ar: 'يرصد، ولا يصل إلى المنصة المركزية. لمعرفة السبب: `istimrar-agent doctor`',
    en: 'watches, and does not reach the collector. To find out why: `istimrar-agent doctor`',
  },
  quarantined: {
    ar: 'يرصد، ولا يُرسل شيء',
    en: 'watches, and sends nothing',
  },
} as const satisfies Record<string, Text>

/** How the last contact with the collector went. */
export const outcomeTexts: Readonly<Record<Contact['outcome'], Text>> = {
  delivered: { ar: 'سُلّمت رسالة', en: 'delivered' },
  heard: { ar: 'أجابت', en: 'heard' },
  failed: { ar: 'تعذر الوصول', en: 'failed' },
  denied: { ar: 'رُفض برنامج الرصد', en: 'denied' },
  busy: { ar: 'مشغولة', en: 'busy' },
  quarantined: { ar: 'موقوف احترازيًا', en: 'quarantined' },
}

/** How long ago; the number first, so that no form of the noun is wrong. */
export const agoTexts = {
  days: { ar: 'قبل {n} ي', en: '{n} d ago' },
  hours: { ar: 'قبل {n} س', en: '{n} h ago' },
  minutes: { ar: 'قبل {n} د', en: '{n} min ago' },
  seconds: { ar: 'قبل {n} ث', en: '{n} s ago' },
} as const satisfies Record<string, Text>
