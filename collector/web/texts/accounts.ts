import type { Text } from '../language.ts'
import { refusedTexts } from './refused.ts'

/** The page of one's own account. */
export const accountTexts = {
  own: { ar: 'حسابي', en: 'My account' },
  id: { ar: 'اسم الحساب', en: 'Account' },
  role: { ar: 'الدور', en: 'Role' },
  institution: { ar: 'المؤسسة', en: 'Institution' },
  madeAt: { ar: 'تاريخ الإنشاء', en: 'Made' },
  state: { ar: 'الحالة', en: 'State' },

  password: { ar: 'كلمة المرور', en: 'Password' },
  changePassword: { ar: 'تغيير كلمة المرور', en: 'Change the password' },
  currentPassword: { ar: 'كلمة المرور الحالية', en: 'Current password' },
  passwordHow: {
    ar: 'تغيير كلمة المرور ينهي جميع الجلسات الأخرى لهذا الحساب.',
    en: 'A new password ends all other sessions of this account.',
  },
  noPassword: {
    ar: 'لا كلمة مرور لهذا الحساب: الدخول بالهوية الموحدة أو برابط من المنصة المركزية للرصد.',
    en: 'No password: this account uses single sign-on, or links from the collector’s machine.',
  },
  secondFactorOn: { ar: 'التحقق بخطوتين مفعَّل.', en: 'The second factor is set up.' },
  secondFactorOff: { ar: 'التحقق بخطوتين غير مفعَّل.', en: 'The second factor is not set up.' },
  setUp: { ar: 'إعداد التحقق بخطوتين', en: 'Set up the second factor' },
  setUpAnew: {
    ar: 'نقل التحقق بخطوتين إلى هاتف آخر',
    en: 'Move the second factor to another phone',
  },
  remove: { ar: 'إلغاء التحقق بخطوتين', en: 'Remove the second factor' },
  removeHow: {
    ar: 'بعد الإلغاء يكون الدخول بكلمة المرور وحدها، وتنتهي جميع الجلسات الأخرى.',
    en: 'The password alone signs in from then on; all other sessions end.',
  },
  notListed: {
    ar: 'لا حساب مسجَّل لهذه الجلسة، فلا كلمة مرور لها ولا رموز. لمسؤول المنصة إنشاء حساب.',
    en: 'This session has no account in the book: no password, no tokens. An admin can make one.',
  },
  show: { ar: 'عرض الرمز المربع', en: 'Show the QR code' },

  sessions: { ar: 'الجلسات المفتوحة', en: 'Open sessions' },
  sessionsHow: {
    ar: 'تنتهي الجلسة بعد 12 ساعة على الأكثر، أو بعد ساعة دون استخدام.',
    en: 'A session ends after 12 hours at most, and after an hour without use.',
  },
  opened: { ar: 'بداية الجلسة', en: 'Signed in' },
  used: { ar: 'آخر استخدام', en: 'Last used' },
  thisOne: { ar: 'هذه الجلسة', en: 'This session' },
  session: { ar: 'الجلسة', en: 'Session' },
  another: { ar: 'جلسة أخرى', en: 'Another session' },
  act: { ar: 'إجراء', en: 'Action' },
  end: { ar: 'إنهاء', en: 'End' },
  endAll: { ar: 'إنهاء جميع الجلسات', en: 'Sign out everywhere' },

  tokens: { ar: 'رموز الواجهة البرمجية', en: 'API tokens' },
  tokensHow: {
    ar: 'يستخدم البرنامج الرمز للعمل باسم هذا الحساب. ولا يتيح الرمز أي إجراء يلزم له شخصان.',
    en: 'A program acts for this account with a token; never in an act that needs two people.',
  },
  noTokens: { ar: 'لا رموز لهذا الحساب.', en: 'This account has no tokens.' },
  label: { ar: 'الغرض من الرمز', en: 'What it is for' },
  scope: { ar: 'الصلاحية', en: 'May' },
  days: { ar: 'المدة بالأيام (حتى {most})', en: 'Days it is good for (at most {most})' },
  expires: { ar: 'تاريخ الانتهاء', en: 'Expires' },
  ended: { ar: 'منتهٍ', en: 'ended' },
  never: { ar: 'لم يُستخدم بعد', en: 'never' },
  makeToken: { ar: 'إصدار رمز', en: 'Make a token' },
  tokenOnce: {
    ar: 'الرمز الجديد. يظهر هذه المرة فقط، ويلزم حفظه في مكان آمن:',
    en: 'The new token. It is shown this once: keep it in a safe place.',
  },
} as const satisfies Record<string, Text>

/** What a token lets a program do. */
export const scopeTexts = {
  read: { ar: 'الاطلاع فقط', en: 'read only' },
  write: { ar: 'الاطلاع والتعديل', en: 'read and change' },
} as const satisfies Record<string, Text>

/** The page on which admins manage accounts. */
export const accountsTexts = {
  title: { ar: 'الحسابات', en: 'Accounts' },
  how: {
    ar: 'لا يكون من أنشأ حسابًا أو أصدر رابطًا له هو الشخص الثاني معه في أي إجراء.',
    en: 'Whoever makes an account, or a link into it, is never its second person in any act.',
  },
  none: { ar: 'لا حسابات بعد.', en: 'There are no accounts yet.' },
  account: { ar: 'الحساب', en: 'Account' },
  waysIn: { ar: 'طرق الدخول', en: 'Ways in' },
  hasPassword: { ar: 'كلمة مرور', en: 'password' },
  hasSecondFactor: { ar: 'تحقق بخطوتين', en: 'second factor' },
  hasExternal: { ar: 'هوية موحدة', en: 'single sign-on' },
  invited: { ar: 'رابط دعوة حتى {time}', en: 'invited until {time}' },
  noWayIn: { ar: 'لا طريقة دخول', en: 'no way in' },
  active: { ar: 'فعال', en: 'active' },
  endedAt: { ar: 'منتهٍ منذ {time}', en: 'ended {time}' },

  make: { ar: 'إنشاء حساب', en: 'Make an account' },
  makeHow: {
    ar: 'اسم الحساب بحروف لاتينية صغيرة وأرقام وشرطات، دون بريد إلكتروني، ولا يتغير بعد الإنشاء.',
    en: 'A name of small Latin letters, digits and dashes, never an e-mail; it stays for good.',
  },
  institutionField: {
    ar: 'معرّف المؤسسة (لحساب المؤسسة فقط)',
    en: 'Id of the institution (for the role institution only)',
  },
  external: {
    ar: 'معرّف الهوية الموحدة (اختياري، وتُحفظ بصمته فقط)',
    en: 'Subject in the single sign-on (optional; only its hash is kept)',
  },
  why: { ar: 'السبب (يُحفظ في السجل)', en: 'Reason (kept in the log)' },

  manage: { ar: 'إدارة الحساب', en: 'Manage' },
  newLink: { ar: 'إصدار رابط جديد', en: 'New link' },
  newLinkHow: {
    ar: 'الرابط الجديد يلغي كلمة المرور والتحقق بخطوتين وينهي الجلسات.',
    en: 'A new link ends the password, the second factor and the sessions.',
  },
  changeRole: { ar: 'تغيير الدور', en: 'Change the role' },
  endAccount: { ar: 'إنهاء الحساب', en: 'End the account' },
  endHow: {
    ar: 'إنهاء الحساب نهائي: تتوقف جلساته ورموزه في الحال، ولا يُعاد استخدام اسمه.',
    en: 'For good: its sessions and tokens stop at once, and its name is not used again.',
  },

  linkOnce: {
    ar: 'رابط تفعيل الحساب {account}، لصاحبه وحده. يظهر هذه المرة فقط. مدة الصلاحية: {time}.',
    en: 'The link that sets up {account}: shown this once, good for {time}, for its owner alone.',
  },
} as const satisfies Record<string, Text>

/** Why something about an account was refused, by its rule, else by the code of the refusal. */
export const accountRefusalTexts = {
  why: refusedTexts.why,
  id: {
    ar: 'اسم الحساب من 1 إلى 63 من الحروف اللاتينية الصغيرة والأرقام والشرطات، ولا يبدأ بشرطة.',
    en: 'A name has 1 to 63 small Latin letters, digits and dashes; it begins with no dash.',
  },
  role: {
    ar: 'الدور غير صحيح، أو المؤسسة محددة لغير حساب المؤسسة، أو غير محددة له.',
    en: 'Choose one of the roles; the role institution, and no other, needs an institution.',
  },
  external: {
    ar: 'معرّف الهوية الموحدة غير صالح.',
    en: 'The subject in the single sign-on is malformed.',
  },
  own_account: {
    ar: 'لا يغيّر أحد دوره، ولا ينهي حسابه أو يصدر رابطًا له بنفسه.',
    en: 'Nobody changes or ends their own account, or makes a link into it.',
  },
  second_factor: {
    ar: 'التحقق بخطوتين إلزامي لهذا الدور.',
    en: 'This role must keep its second factor.',
  },
  second_factor_lost: {
    ar: 'تعذر التحقق بخطوتين لهذا الحساب. يلزم رابط جديد من مسؤول المنصة.',
    en: 'The second factor of this account cannot be checked. Ask an admin for a new link.',
  },
  not_found: {
    ar: 'الحساب أو المؤسسة أو الجلسة غير موجود.',
    en: 'There is no such account, institution or session.',
  },
  conflict: {
    ar: 'الاسم أو معرّف الهوية الموحدة لحساب آخر، أو الحساب منتهٍ.',
    en: 'The name or the subject is another account’s, or the account has ended.',
  },
  auth: { ar: 'كلمة المرور الحالية غير صحيحة.', en: 'The current password is wrong.' },
  code: {
    ar: 'رمز التحقق غير صحيح. يلزم عرض الرمز المربع ومسحه من جديد.',
    en: 'The code is wrong. Show the square and scan it again.',
  },
  label: {
    ar: 'يلزم ذكر الغرض من الرمز في 60 حرفًا على الأكثر.',
    en: 'Say what the token is for, in at most 60 characters.',
  },
  scope: {
    ar: 'يلزم تحديد صلاحية الرمز: الاطلاع فقط، أو الاطلاع والتعديل.',
    en: 'Say what the token may do: read only, or read and change.',
  },
  expires: {
    ar: 'مدة الرمز من يوم واحد إلى 365 يومًا.',
    en: 'A token is good for 1 to 365 days.',
  },
  too_many: {
    ar: 'محاولات كثيرة غير صحيحة. يمكن إعادة المحاولة بعد قليل.',
    en: 'Too many wrong attempts. Try again in a while.',
  },
  other: {
    ar: 'تعذر تنفيذ الطلب. ربما تغيرت الحال منذ عرض الصفحة.',
    en: 'This cannot be done. Perhaps things have changed since the page was shown.',
  },
} as const satisfies Record<string, Text>
export type AccountRefusal = keyof typeof accountRefusalTexts
