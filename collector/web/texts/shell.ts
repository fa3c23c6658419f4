import type { Text } from '../language.ts'

/** What frames every page, and the pages that show no figures. */
export const shellTexts = {
  name: { ar: 'استمرار', en: 'Istimrar' },
  fullName: {
    ar: 'منظومة رصد جاهزية البنى الأساسية واستمرار عمل بيئات الاستضافة',
    en: 'Monitoring of infrastructure readiness and hosting continuity',
  },
  skip: { ar: 'الانتقال إلى المحتوى', en: 'Skip to content' },
  trail: { ar: 'مسار الصفحة', en: 'You are here' },
  nation: { ar: 'المستوى الوطني', en: 'Nation' },
  account: { ar: 'الحساب: {account}', en: 'Account: {account}' },
  signOut: { ar: 'تسجيل الخروج', en: 'Sign out' },
  simulated: { ar: 'بيانات محاكاة – ليست رسمية', en: 'SIMULATED – not official' },
  freshness: { ar: 'حداثة الأرقام', en: 'How recent the figures are' },
  asOf: { ar: 'الأرقام حتى {time}', en: 'Figures as of {time}' },
  zone: { ar: 'الأوقات بحسب {zone}', en: 'All times in {zone}' },
  updated: { ar: 'آخر تحديث {time}', en: 'Updated {time}' },
  pause: { ar: 'إيقاف التحديث', en: 'Pause updates' },
  resume: { ar: 'استئناف التحديث', en: 'Resume updates' },
  stale: {
    ar: 'لا استجابة من المنصة المركزية للرصد. المعروض هو آخر ما ورد منها.',
    en: 'The collector does not answer. This is the last that was received from it.',
  },
  printed: { ar: 'الطباعة: الحساب {account}، {time}', en: 'Printed by {account}, {time}' },
  engine: { ar: 'إصدار الحساب {engine}', en: 'Calculation version {engine}' },

  waitingTitle: { ar: 'الأرقام الأولى بعد لحظات', en: 'First figures in a moment' },
  waiting: {
    ar: 'جمع شواهد القياس الأولى جارٍ الآن. تحديث هذه الصفحة تلقائي.',
    en: 'The first evidence is being gathered now. This page refreshes itself.',
  },
  notFoundTitle: { ar: 'الصفحة غير موجودة', en: 'Page not found' },
  notFound: {
    ar: 'لا توجد صفحة بهذا العنوان، أو لا يتيح الحساب الاطلاع عليها.',
    en: 'There is nothing at this address, or this account may not see it.',
  },
  forbiddenTitle: { ar: 'صلاحية غير كافية', en: 'Not for your role' },
  forbidden: {
    ar: 'هذه الصفحة أو هذا الإجراء خارج صلاحيات دور هذا الحساب.',
    en: 'This page or act is not among what the role of this account may do.',
  },
  foreignTitle: { ar: 'الطلب مرفوض', en: 'Request refused' },
  foreign: {
    ar: 'مصدر الطلب موقع آخر. يلزم إرسال الطلب من لوحة المؤشرات نفسها.',
    en: 'The request came from another site. Send it from the board itself.',
  },
  malformedTitle: { ar: 'الطلب غير مقبول', en: 'Request not accepted' },
  malformed: {
    ar: 'صيغة النموذج غير صحيحة أو حجمه أكبر من المسموح.',
    en: 'The form is malformed or larger than allowed.',
  },
  failureTitle: { ar: 'تعذر عرض الصفحة', en: 'The page cannot be shown' },
  failure: {
    ar: 'حدث خلل في المنصة المركزية للرصد وسُجلت تفاصيله. يمكن إعادة المحاولة بعد قليل.',
    en: 'Something failed in the collector and was recorded. Please try again shortly.',
  },
  back: { ar: 'العودة إلى المستوى الوطني', en: 'Back to the nation' },

  signIn: { ar: 'تسجيل الدخول', en: 'Sign in' },
  signInHow: {
    ar: 'الدخول بعنوان المرة الواحدة الظاهر عند تشغيل {command}، أو بلصق الرمز الوارد في آخره.',
    en: 'Open the one-time address that {command} printed, or paste the code at its end here.',
  },
  code: { ar: 'رمز الدخول (لمرة واحدة)', en: 'One-time code' },
  codeWrong: {
    ar: 'الرمز غير صحيح أو سبق استخدامه أو انتهت صلاحيته. يلزم رمز جديد.',
    en: 'The code is wrong, already used or expired. A new one is needed.',
  },
  enter: { ar: 'دخول', en: 'Sign in' },
} as const satisfies Record<string, Text>
