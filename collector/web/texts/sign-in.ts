import type { Text } from '../language.ts'

/** The ways into the board: log-in, invitation, password and second factor. */
export const signInTexts = {
  account: { ar: 'اسم الحساب', en: 'Account' },
  password: { ar: 'كلمة المرور', en: 'Password' },
  byPassword: { ar: 'الدخول بكلمة المرور', en: 'With a password' },
  byCode: { ar: 'الدخول برمز لمرة واحدة', en: 'With a one-time code' },
  byProvider: { ar: 'الدخول بالهوية الموحدة', en: 'With the single sign-on' },
  enterByProvider: { ar: 'المتابعة إلى الهوية الموحدة', en: 'Continue to the single sign-on' },
  forgotten: {
    ar: 'عند نسيان كلمة المرور أو فقدان الهاتف يُطلب رابط جديد من مسؤول المنصة.',
    en: 'Password forgotten or phone lost? An admin makes a new link.',
  },

  secondFactor: { ar: 'التحقق بخطوتين', en: 'Second factor' },
  secondFactorHow: {
    ar: 'يلزم إدخال الرمز الظاهر الآن في تطبيق المصادقة على الهاتف.',
    en: 'Enter the code that the authenticator app on the phone shows now.',
  },
  sixDigits: { ar: 'رمز التحقق (6 أرقام)', en: 'Code (6 digits)' },
  startAgain: { ar: 'العودة إلى بداية الدخول', en: 'Start again' },

  invite: { ar: 'تفعيل الحساب', en: 'Set up your account' },
  inviteHow: {
    ar: 'يلزم فتح الرابط المستلم، أو لصق الرمز الوارد في آخره.',
    en: 'Open the link you were given, or paste the code at its end here.',
  },
  inviteCode: { ar: 'رمز الدعوة', en: 'Code of the invitation' },
  next: { ar: 'التالي', en: 'Continue' },

  newPassword: { ar: 'كلمة المرور الجديدة', en: 'New password' },
  newPasswordFor: { ar: 'كلمة مرور الحساب {account}', en: 'Password of {account}' },
  newPasswordHow: {
    ar: 'من {least} إلى {most} حرفًا. تُقبل المسافات، ويُفضل اختيار عدة كلمات لا رابط بينها.',
    en: '{least} to {most} characters. Spaces are welcome: several unrelated words are best.',
  },
  repeat: { ar: 'تكرار كلمة المرور', en: 'The same again' },
  savePassword: { ar: 'حفظ كلمة المرور', en: 'Save the password' },

  setUp: { ar: 'إعداد التحقق بخطوتين', en: 'Set up the second factor' },
  setUpHow: {
    ar: 'يلزم مسح الرمز المربع بتطبيق المصادقة على الهاتف، ثم إدخال الرقم الظاهر فيه.',
    en: 'Scan the square with an authenticator app on a phone, then enter the number it shows.',
  },
  square: { ar: 'رمز مربع لتطبيق المصادقة', en: 'QR code for the authenticator app' },
  byHand: {
    ar: 'أو إدخال المفتاح يدويًا: {secret}',
    en: 'Or type the key into the app: {secret}',
  },
  keepSecret: {
    ar: 'يظهر المفتاح هذه المرة فقط، ولا يجوز إطلاع أحد عليه.',
    en: 'The key is shown this once. Show it to nobody.',
  },
  confirm: { ar: 'تأكيد', en: 'Confirm' },
  setUpAgain: {
    ar: 'يلزم إدخال الرقم الظاهر الآن في التطبيق. ومن لم يمسح الرمز المربع يبدأ من جديد.',
    en: 'Enter the number that the app shows now. If the square was not scanned, start again.',
  },
} as const satisfies Record<string, Text>

/** Why a step of signing in was refused. None says whether there is such an account. */
export const signInRefusalTexts = {
  credentials: {
    ar: 'اسم الحساب أو كلمة المرور غير صحيحة.',
    en: 'The account or the password is wrong.',
  },
  code: {
    ar: 'الرمز غير صحيح أو سبق استخدامه أو انتهت صلاحيته. يلزم رمز جديد.',
    en: 'The code is wrong, already used or expired. A new one is needed.',
  },
  digits: {
    ar: 'الرمز غير صحيح أو سبق استخدامه، أو انتهت المهلة. يلزم الرمز التالي أو البدء من جديد.',
    en: 'Wrong or used before, or it took too long. Enter the next code, or start again.',
  },
  lost: {
    ar: 'تعذر التحقق بخطوتين لهذا الحساب. يلزم رابط جديد من مسؤول المنصة.',
    en: 'The second factor of this account cannot be checked. Ask an admin for a new link.',
  },
  too_many: {
    ar: 'محاولات كثيرة غير صحيحة. المدة المتبقية قبل إعادة المحاولة: {time}.',
    en: 'Too many wrong attempts. Try again in {time}.',
  },
} as const satisfies Record<string, Text>
export type SignInRefusal = keyof typeof signInRefusalTexts

/** Why a new password was refused, by the rule that the refusal names. */
export const passwordRefusalTexts = {
  length: {
    ar: 'طول كلمة المرور من {least} إلى {most} حرفًا.',
    en: 'A password has {least} to {most} characters.',
  },
  common: {
    ar: 'كلمة المرور شائعة أو سهلة التخمين. يلزم اختيار غيرها.',
    en: 'This password is common or easy to guess. Choose another one.',
  },
  name: {
    ar: 'لا يجوز أن تكون كلمة المرور اسم الحساب.',
    en: 'The password must not be the name of the account.',
  },
  same: {
    ar: 'كلمة المرور الجديدة هي الحالية نفسها. يلزم اختيار غيرها.',
    en: 'This is the password that the account has now. Choose another one.',
  },
  repeat: { ar: 'كلمتا المرور غير متطابقتين.', en: 'The two passwords are not the same.' },
  unaccepted: {
    ar: 'تعذر قبول كلمة المرور. يلزم اختيار غيرها.',
    en: 'The password cannot be accepted. Choose another one.',
  },
} as const satisfies Record<string, Text>
export type PasswordRefusal = keyof typeof passwordRefusalTexts
