import type { OidcReason } from '../../people/oidc-settings.ts'
import type { Text } from '../language.ts'

/** Signing in and out by an identity provider. */
export const oidcTexts = {
  entered: { ar: 'تم تسجيل الدخول', en: 'Signed in' },
  goOn: { ar: 'المتابعة إلى لوحة المؤشرات', en: 'Continue to the board' },
  failed: { ar: 'تعذر تسجيل الدخول', en: 'Not signed in' },
  again: { ar: 'العودة إلى صفحة الدخول', en: 'Back to the sign-in page' },
  left: { ar: 'تم تسجيل الخروج من لوحة المؤشرات', en: 'Signed out of the board' },
  leftHow: {
    ar: 'جلسة الهوية الموحدة ما زالت مفتوحة في هذا المتصفح. يلزم إنهاؤها على الأجهزة المشتركة.',
    en: 'The single sign-on is still open in this browser. End it on a shared computer.',
  },
  endThere: { ar: 'إنهاء جلسة الهوية الموحدة', en: 'Sign out of the single sign-on' },
} as const satisfies Record<string, Text>

/** Why somebody who came back from the provider is not signed in. */
export const oidcReasonTexts = {
  unavailable: {
    ar: 'لا استجابة من خدمة الهوية الموحدة. يمكن إعادة المحاولة بعد قليل.',
    en: 'The single sign-on does not answer. Please try again shortly.',
  },
  expired: {
    ar: 'انتهت المهلة، أو سبق استخدام العنوان، أو بدأ الدخول من متصفح آخر. يلزم البدء مجددًا.',
    en: 'This sign-in took too long, was used already, or began in another browser. Start again.',
  },
  refused: {
    ar: 'لم تسمح خدمة الهوية الموحدة بالدخول، أو أُلغي الدخول فيها.',
    en: 'The single sign-on did not let this person through, or signing in was cancelled there.',
  },
  invalid: {
    ar: 'جواب خدمة الهوية الموحدة غير صحيح، وسُجل سببه. يلزم إبلاغ مسؤول المنصة عند تكراره.',
    en: 'The answer of the single sign-on is not valid and was recorded. Please tell an admin.',
  },
  unproven: {
    ar: 'لم تقدم خدمة الهوية الموحدة البيان الذي يُعرف به الحساب، أو لم تتحقق منه.',
    en: 'The single sign-on did not give what accounts are known by, or has not verified it.',
  },
  unknown: {
    ar: 'لا يوجد حساب مفتوح لهذا الشخص على هذه المنصة. ينشئ مسؤول المنصة الحسابات.',
    en: 'This person has no open account here. Admins make accounts.',
  },
} as const satisfies Record<OidcReason, Text>
