import type { ExportRecord } from '../../exports/export-records.ts'
import type { Text } from '../language.ts'
import { refusedTexts } from './refused.ts'

/** Exports that people ask for, and how they are checked. */
export const exportTexts = {
  title: { ar: 'تصدير الشواهد والأرقام', en: 'Exports of evidence and figures' },
  short: { ar: 'التصدير', en: 'Exports' },
  how: {
    ar: 'ملف واحد موقَّع يضم شواهد القياس وكل رقم نتج عنها، قابل للتحقق دون اتصال بالمنصة.',
    en: 'One signed file: the evidence and every figure that follows, to be checked offline.',
  },
  noted: {
    ar: 'كل طلب وكل تنزيل قيد في السجل باسم الحساب. مدة إتاحة الملف بعد إعداده: {time}.',
    en: 'Each request and each download is an act in the log. A file can be downloaded for {time}.',
  },
  ask: { ar: 'طلب تصدير', en: 'Ask for an export' },
  subject: { ar: 'نطاق التصدير', en: 'What of' },
  nation: { ar: 'المستوى الوطني', en: 'The nation' },
  whole: { ar: 'المستوى الوطني مع كل المؤسسات', en: 'The nation with all institutions' },
  cycle: { ar: 'فترة الأرقام', en: 'Period of the figures' },
  cycleSoFar: { ar: 'الدورة الجارية حتى الآن', en: 'The running cycle so far' },
  ofCycle: { ar: 'دورة {cycle}', en: 'Cycle {cycle}' },
  otherWindow: { ar: 'فترة أخرى', en: 'Another period' },
  otherWindowHow: {
    ar: 'من تاريخ إلى تاريخ بدلًا من دورة؛ يبقى الحقلان فارغين فيما عدا ذلك.',
    en: 'From one instant to another instead of a cycle; leave both empty otherwise.',
  },
  from: { ar: 'من', en: 'From' },
  to: { ar: 'إلى', en: 'To' },
  submit: { ar: 'إعداد الملف', en: 'Make the file' },

  list: { ar: 'ملفات آخر 24 ساعة', en: 'Exports of the last 24 hours' },
  none: { ar: 'لا طلبات تصدير في آخر 24 ساعة.', en: 'Nothing was exported in the last 24 hours.' },
  askedBy: { ar: 'مقدم الطلب', en: 'Asked by' },
  state: { ar: 'الحالة', en: 'State' },
  file: { ar: 'الملف', en: 'File' },
  leaves: { ar: 'القيود المكتوبة: {done} من {all}', en: '{done} of {all} leaves written' },
  computing: { ar: 'حساب الأرقام جارٍ', en: 'Computing the figures' },
  download: { ar: 'تنزيل', en: 'Download' },
  size: { ar: 'الحجم: {size} ك.بايت', en: '{size} KiB' },
  hash: { ar: 'بصمة الملف (سداسية عشرية)', en: 'SHA-256 of the file' },
  until: { ar: 'متاح حتى {time}', en: 'Available until {time}' },
  stop: { ar: 'إلغاء الطلب', en: 'Give up' },
  remove: { ar: 'حذف الملف', en: 'Remove' },

  verify: { ar: 'التحقق من ملف التصدير', en: 'How to verify an export' },
  verifyHow: {
    ar: 'التحقق على أي حاسوب دون اتصال، وله {node} (20 فأحدث) والملف {file} من إصدار المنصة نفسه.',
    en: 'On any computer, offline, with {node} 20 or newer and {file} of the version that made it.',
  },
  verifyHash: {
    ar: 'مطابقة بصمة الملف لما هو معروض في هذه الصفحة:',
    en: 'Compare the hash of the file with the one on this page:',
  },
  verifyUnpack: { ar: 'فك الملف:', en: 'Unpack it:' },
  verifyRun: {
    ar: 'التحقق من التواقيع والسجلات وإعادة حساب كل الأرقام:',
    en: 'Check signatures and logs, and compute every figure again:',
  },
  verifyOutside: {
    ar: 'ومع الإيصالات ونقاط التحقق المحفوظة لدى المؤسسات يثبت أن السجل لم يُكتب من جديد:',
    en: 'With receipts and checkpoints kept outside, also that no log was rewritten:',
  },
  verifyResult: {
    ar: 'رمز الانتهاء 0: كل شيء صحيح؛ 1: خلل يُذكر أوله؛ 2: ملف ناقص أو غير مقروء أو من إصدار آخر.',
    en:
      'Exit status 0: all holds; 1: something does not, the first is named; ' +
      '2: a file is cut or of another version.',
  },
  verifyNation: {
    ar:
      'ملف المستوى الوطني مع كل المؤسسات يضم ملف كل مؤسسة للحظة نفسها، ' +
      'والأمر نفسه يتحقق منه كله ويعيد حساب الأرقام الوطنية:',
    en:
      'The nation with all institutions holds each institution’s export of one moment; the same ' +
      'command checks all of it and computes the national figures again:',
  },
} as const satisfies Record<string, Text>

export const exportStateTexts: Readonly<Record<ExportRecord['state'], Text>> = {
  waiting: { ar: 'في الانتظار', en: 'Waiting' },
  running: { ar: 'قيد الإعداد', en: 'Being made' },
  done: { ar: 'جاهز', en: 'Ready' },
  failed: { ar: 'لم يكتمل', en: 'Not made' },
}

/** Why an export was not made. */
export const exportFailureTexts: Readonly<Record<NonNullable<ExportRecord['failure']>, Text>> = {
  disk_full: {
    ar: 'المساحة المتاحة في المنصة لا تكفي. يلزم إبلاغ مسؤول المنصة.',
    en: 'The collector’s disk has no room for it. Tell an admin.',
  },
  not_found: {
    ar: 'لا قياس لهذه المؤسسة بعد.',
    en: 'Nothing of this institution was measured yet.',
  },
  interrupted: {
    ar: 'توقفت المنصة أثناء الإعداد. يلزم تقديم الطلب من جديد.',
    en: 'The collector stopped while it was made. Ask again.',
  },
  too_long: { ar: 'تجاوز الإعداد ساعة واحدة.', en: 'Making it took more than an hour.' },
  failed: {
    ar: 'حدث خلل وسُجلت تفاصيله في المنصة.',
    en: 'Something failed and was recorded on the collector.',
  },
}

/** Why a request was refused, by the rule that the refusal names. */
export const exportRefusalTexts = {
  own_open: {
    ar: 'لهذا الحساب ثلاثة طلبات لم تكتمل بعد. يلزم انتظار أحدها أو إلغاؤه.',
    en: 'This account has three exports under way. Wait for one, or give one up.',
  },
  open: {
    ar: 'عدد طلبات التصدير في المنصة بلغ حده. يمكن إعادة المحاولة بعد قليل.',
    en: 'As many exports are asked for as may be. Try again shortly.',
  },
  disk_full: exportFailureTexts.disk_full,
  not_found: {
    ar: 'لا توجد مؤسسة أو دورة أو ملف بهذا المعرف.',
    en: 'There is no such institution, cycle or export.',
  },
  either: {
    ar: 'يلزم اختيار دورة أو فترة أخرى، لا كلتيهما.',
    en: 'Choose either a cycle or another period.',
  },
  order: { ar: 'نهاية الفترة تأتي بعد بدايتها.', en: 'The period must end after it starts.' },
  future: {
    ar: 'نهاية الفترة لا تتجاوز آخر الأرقام المعروضة.',
    en: 'The period cannot end later than the figures do.',
  },
  length: { ar: 'الفترة 1,100 يوم على الأكثر.', en: 'The period is at most 1,100 days long.' },
  time: {
    ar: 'يلزم التاريخان كلاهما بصيغة صحيحة.',
    en: 'Both instants are needed, each a date and a time.',
  },
  other: refusedTexts.other,
} as const satisfies Record<string, Text>
export type ExportRefusalRule = keyof typeof exportRefusalTexts
