import type { Bilingual } from '../kpi/snapshot.ts'

/** What `verify` says of an export that holds. `{name}` is a place for a value. */
export const reportTexts = {
  ok: {
    en: 'ok: evidence of {institution}, exported {at}',
    ar: 'سليم: شواهد القياس لـ {institution}، وقت تصديرها {at}',
  },
  simulated: {
    en: 'SIMULATED: nothing in it is official',
    ar: 'بيانات محاكاة – ليست رسمية',
  },
  figures: {
    en: 'figures from {from} to {to}: computed again, equal digit by digit',
    ar: 'الأرقام من {from} إلى {to}: أُعيد حسابها وتطابقت رقمًا برقم',
  },
  shares: {
    en:
      'known time: {known}, of it self-attested {self}, witnessed {witnessed}, both {both}; ' +
      'left out because the collector did not run: {centre}',
    ar:
      'الوقت المعلوم: {known}، منه قياس ذاتي {self}، مثبت من نقطة رصد خارجية {witnessed}، ' +
      'كلاهما {both}؛ والمستبعد لانقطاع المنصة المركزية {centre}',
  },
  unregistered: {
    en:
      'no figures from {from} to {to}: the institution was not in the register at the end of ' +
      'that window; its evidence was checked',
    ar:
      'لا نسب من {from} إلى {to}: لم تكن المؤسسة في سجل المؤسسات في نهاية هذه الفترة؛ ' +
      'وتم التحقق من أدلتها',
  },
  nothing: { en: 'nothing was in scope', ar: 'لم يكن شيء داخل نطاق القياس' },
  files: {
    en:
      'files: {count}, all as the signed manifest says; ' +
      'all tables were made again and are the same',
    ar: 'الملفات: {count}، كلها كما في البيان الموقَّع؛ وأُعيد إعداد كل الجداول فتطابقت',
  },
  noFiles: {
    en: 'this is evidence alone: no tables, no signed manifest',
    ar: 'هذه شواهد قياس وحدها: بلا جداول ولا بيان موقَّع',
  },
  nationAgain: {
    en:
      'figures of the nation from {from} to {to}: computed again from the evidence of all ' +
      '{logs} institutions, equal digit by digit',
    ar:
      'الأرقام الوطنية من {from} إلى {to}: أُعيد حسابها من شواهد المؤسسات كلها ({logs}) ' +
      'وتطابقت رقمًا برقم',
  },
  nationNot: {
    en:
      'figures of the nation from {from} to {to}: NOT computed again. They rest on {logs} ' +
      'institutions, of {given} of which the export of the same moment was given: ' +
      'give all of them with --institutions',
    ar:
      'الأرقام الوطنية من {from} إلى {to}: لم يُعَد حسابها. عدد المؤسسات التي ' +
      'تستند إليها {logs}، والمقدَّم منها تصدير اللحظة نفسها {given}: ' +
      'تُقدَّم كلها بالخيار --institutions',
  },
  logs: {
    en: 'logs: {logs}; {withheld} national leaves by their hash alone',
    ar: 'السجلات (عدد القيود): {logs}؛ و{withheld} من قيود السجل الوطني ببصمتها وحدها',
  },
  messages: {
    en:
      'messages: {count} ({witnessed} of witnesses), each signed by the key its agent had then, ' +
      'none missing undeclared',
    ar:
      'الرسائل: {count} (منها {witnessed} من نقاط الرصد الخارجية)، كل منها موقَّعة بمفتاح ' +
      'برنامج الرصد في حينه، ولا نقص إلا معلنًا',
  },
  dated: {
    en: 'dated: {A} by heartbeats (A), {B} by a wall clock that was right (B), {C} not at all (C)',
    ar: 'التأريخ: {A} بنبضات برنامج الرصد (A)، و{B} بساعة صحيحة (B)، و{C} دون تأريخ (C)',
  },
  keys: { en: 'log keys: {keys}', ar: 'مفاتيح السجل: {keys}' },
  checkpoints: {
    en: 'checkpoints in the file: {checkpoints}; daily commitments in national: {commitments}',
    ar:
      'نقاط التحقق في الملف: {checkpoints}؛ ' +
      'والقيود اليومية عن السجلات كلها في السجل الوطني: {commitments}',
  },
  noOutside: {
    en:
      'kept outside: nothing was given, so only the operator’s own copies were compared; ' +
      'a log rewritten as a whole would not show',
    ar:
      'المحفوظ خارج المنصة: لم يُقدَّم شيء، فالمقارنة بنسخ القائمين على المنصة وحدها؛ ' +
      'ولو أُعيدت كتابة السجل كله لما ظهر ذلك',
  },
  outside: {
    en: 'kept outside: {receipts} receipts and {checkpoints} checkpoints hold',
    ar:
      'المحفوظ خارج المنصة: إيصالات الاستلام المطابقة {receipts}، ' +
      'ونقاط التحقق المطابقة {checkpoints}',
  },
  newer: {
    en: '{newer} receipts are newer than the export',
    ar: 'إيصالات استلام أحدث من التصدير: {newer}',
  },
  limits: { en: 'What signatures do not prove:', ar: 'ما لا تثبته التوقيعات:' },
  broken: { en: 'broken: {why}', ar: 'غير سليم: {why}' },
  incomplete: { en: 'incomplete: {why}', ar: 'غير مكتمل، ولا يمكن الجزم: {why}' },
} as const satisfies Record<string, Bilingual>

/** What holds of every export, however good it is. */
export const limitTexts: readonly Bilingual[] = [
  {
    en: 'that a host told the truth about itself: self-attested time rests on its word',
    ar: 'صدق الخادم في وصف نفسه: القياس الذاتي يستند إلى ما أبلغ به وحده',
  },
  {
    en: 'that nothing was left out before it was signed: who never sent is unknown, not up',
    ar: 'عدم ترك شيء قبل التوقيع: ما لم يُرسل غير معلوم، ولا يُعد عملًا',
  },
  {
    en:
      'that a log was not cut off or rewritten as a whole and signed anew by who has its key: ' +
      'only receipts and checkpoints kept by others show that',
    ar:
      'سلامة السجل من قطع آخره أو إعادة كتابته كله وتوقيعه ممن يملك مفتاحه: ' +
      'لا تُثبتها إلا إيصالات الاستلام ونقاط التحقق المحفوظة لدى غيره',
  },
  {
    en: 'when a message arrived: that is the word of the collector beside the clock of the host',
    ar: 'وقت وصول الرسالة: هو ما سجلته المنصة المركزية، وبجانبه ساعة الخادم',
  },
  {
    en: 'that the register is right: who is measured, and by which checks, people decided',
    ar: 'صحة سجل المؤسسات: من يُقاس وبأي فحوص قرار اتخذه أشخاص',
  },
]
