import type { ListedPolicyChange } from '../../people/policy.ts'
import type { Text } from '../language.ts'
import { refusedTexts } from './refused.ts'

/** Changes of the policy that were proposed, and what was said to them. */
export const proposalTexts = {
  title: { ar: 'مقترحات تعديل السياسة', en: 'Proposed changes of the policy' },
  how: {
    ar: 'تعديل السياسة النافذة بشخصين: مقترح، ثم اعتماد من حساب آخر. ولا أثر له قبل ذلك.',
    en: 'A policy in force is changed by two: one proposes, another one approves; not before.',
  },
  none: { ar: 'لا مقترحات بعد.', en: 'Nothing has been proposed yet.' },
  proposal: { ar: 'المقترح', en: 'Proposal' },
  by: { ar: 'مقدم المقترح', en: 'Proposed by' },
  state: { ar: 'الحالة', en: 'State' },
  changes: { ar: 'ما يتغير', en: 'What changes' },
  decision: { ar: 'القرار', en: 'Decision' },
  file: { ar: 'ملف السياسة لدى المنصة المركزية', en: 'The policy file of the collector' },
  from: {
    ar: 'سريان التعديل: {time} أو وقت الاعتماد إن تأخر عنه',
    en: 'Holds from {time}, or from its approval if that is later',
  },
  approve: { ar: 'اعتماد', en: 'Approve' },
  refuse: { ar: 'رفض', en: 'Refuse' },
  withdraw: { ar: 'سحب المقترح', en: 'Withdraw' },
  decide: { ar: 'اتخاذ القرار', en: 'Decide' },
  propose: { ar: 'تقديم مقترح', en: 'Propose a change' },
  text: { ar: 'ملف السياسة كاملًا ({format})', en: 'The whole policy file ({format})' },
  send: { ar: 'تقديم المقترح للاعتماد', en: 'Propose for approval' },
  toProposals: { ar: 'مقترحات التعديل وقراراتها', en: 'Proposed changes and decisions' },
  problems: { ar: 'أخطاء الملف:', en: 'What is wrong in the file:' },
  notShown: { ar: 'عدد غير المعروض: {n}', en: 'Not shown: {n}' },
} as const satisfies Record<string, Text>

export const proposalStateTexts: Readonly<Record<ListedPolicyChange['state'], Text>> = {
  open: { ar: 'بانتظار القرار', en: 'Waiting' },
  approved: { ar: 'معتمد', en: 'Approved' },
  refused: { ar: 'مرفوض', en: 'Refused' },
  withdrawn: { ar: 'مسحوب', en: 'Withdrawn' },
  outdated: {
    ar: 'متقادم: تغيّر أحد الإعدادات بعد تقديمه',
    en: 'Outdated: a setting changed since',
  },
}

/** Why a form about the policy was refused. */
export const proposalRefusalTexts = {
  document: {
    ar: 'ملف السياسة غير صالح، ولم يُقدم شيء.',
    en: 'The policy file is not valid; nothing was proposed.',
  },
  role: { ar: 'صلاحية الحساب لا تتيح هذا الإجراء.', en: 'This account may not do this.' },
  second_person: {
    ar: 'لا يعتمد المقترح من قدمه، ولا حساب أنشأه أو أنشأ هو له وسيلة دخول.',
    en: 'Whoever proposed cannot decide, nor an account that made theirs or that they made.',
  },
  proposer: {
    ar: 'سحب المقترح لمن قدمه وحده، ولغيره رفضه.',
    en: 'Only whoever proposed it takes it back; others refuse it.',
  },
  token: {
    ar: 'القرار لشخص سجّل دخوله، لا لرمز الواجهة البرمجية.',
    en: 'A token decides nothing: a person who signed in must.',
  },
  same: {
    ar: 'الملف مطابق للسياسة النافذة: لا تعديل يُعتمد.',
    en: 'The policy in force is the same: there is nothing to approve.',
  },
  proposed: { ar: 'التعديل نفسه بانتظار الاعتماد.', en: 'The same change already waits.' },
  proposals: {
    ar: 'بلغت المقترحات المنتظرة حدها الأعلى (10)، ويلزم القرار في أحدها أولًا.',
    en: 'Ten changes wait for approval, which is the most; decide one first.',
  },
  outdated: {
    ar: 'تغيّر أحد الإعدادات بعد تقديم المقترح: يلزم تقديمه من جديد.',
    en: 'A setting has changed since this was proposed: propose it anew.',
  },
  decided: { ar: 'اتُخذ القرار في هذا المقترح من قبل.', en: 'This was decided before.' },
  withdrawn: { ar: 'سُحب هذا المقترح.', en: 'This proposal was withdrawn.' },
  not_found: { ar: 'لا يوجد مقترح بهذا الرقم.', en: 'There is no such proposal.' },
  why: refusedTexts.why,
  other: refusedTexts.other,
} as const satisfies Record<string, Text>
export type ProposalRule = keyof typeof proposalRefusalTexts
