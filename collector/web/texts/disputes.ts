import type { DisputeState } from '../../register/disputes.ts'
import type { Text } from '../language.ts'
import { refusedTexts } from './refused.ts'

/** Disputes: what was contested, what the evaluator decided, and the forms for both. */
export const disputeTexts = {
  title: { ar: 'الاعتراضات', en: 'Disputes' },
  how: {
    ar: 'للمؤسسة الاعتراض على ما رُصد في دورة لم تُقفل. القرار للطرف المحايد لتقييم الأداء.',
    en: 'An institution contests time of a cycle not frozen; the neutral evaluator decides.',
  },
  none: { ar: 'لا اعتراضات على هذه البيئة.', en: 'Nothing of this environment is contested.' },
  more: { ar: 'عدد غير المعروض: {more}', en: 'Not shown: {more}' },
  waiting: { ar: 'اعتراضات بانتظار القرار', en: 'Disputes waiting for a decision' },
  about: { ar: 'بدء المدة {time}', en: 'about {time}' },

  claim: { ar: 'ما تقوله المؤسسة', en: 'Claimed' },
  granted: { ar: 'ما قُبل', en: 'Granted' },
  why: { ar: 'السبب', en: 'Reason' },
  evidence: { ar: 'بصمة المستند المؤيد ({hash})', en: 'Evidence kept ({hash})' },
  requestedBy: { ar: 'مقدم الاعتراض', en: 'Contested by' },
  decision: { ar: 'القرار', en: 'Decision' },
  withdrawnAt: { ar: 'وقت السحب', en: 'Withdrawn' },
  before: { ar: 'الأرقام عند القرار', en: 'Figures before the decision' },
  now: { ar: 'الأرقام الآن', en: 'Figures now' },
  ofEnvironment: { ar: 'البيئة: من {low} إلى {high}', en: 'environment: {low} to {high}' },
  ofInstitution: { ar: 'المؤسسة: من {low} إلى {high}', en: 'institution: {low} to {high}' },
  decided: { ar: 'معدَّل بقرار في اعتراض', en: 'Set by decision on a dispute' },
  was: { ar: 'المرصود: {state}', en: 'observed: {state}' },

  ask: { ar: 'تقديم اعتراض', en: 'Contest a time' },
  decide: { ar: 'اتخاذ القرار', en: 'Decide' },
  giveUp: { ar: 'سحب الاعتراض', en: 'Withdraw' },
  from: { ar: 'من', en: 'From' },
  to: { ar: 'إلى', en: 'To' },
  claimed: { ar: 'الحالة الصحيحة وسببها', en: 'What it was, and why' },
  partly: {
    ar: 'يمكن قبول جزء من المدة، أو حالة أدنى من المطلوبة.',
    en: 'A part of the time may be granted, or a worse state than was claimed.',
  },
  evidenceField: {
    ar: 'بصمة المستند المؤيد {hash} (اختياري؛ يبقى المستند لدى المؤسسة)',
    en: '{hash} of the evidence (optional; the institution keeps the file)',
  },
  request: { ar: 'تقديم الاعتراض', en: 'Send dispute' },
  grant: { ar: 'قبول', en: 'Grant' },
  refuse: { ar: 'رفض', en: 'Refuse' },
  withdraw: { ar: 'سحب الاعتراض', en: 'Withdraw' },
} as const satisfies Record<string, Text>

export const disputeStateTexts: Readonly<Record<DisputeState, Text>> = {
  open: { ar: 'بانتظار القرار', en: 'Waiting for a decision' },
  granted: { ar: 'مقبول', en: 'Granted' },
  granted_in_part: { ar: 'مقبول جزئيًا', en: 'Granted in part' },
  refused: { ar: 'مرفوض', en: 'Refused' },
  withdrawn: { ar: 'مسحوب', en: 'Withdrawn' },
  lapsed: { ar: 'ساقط لإقفال الدورة قبل القرار', en: 'Lapsed: the cycle was frozen first' },
}

/** Why something was refused, by the rule that the refusal names. */
export const disputeRefusalTexts = {
  order: { ar: 'يلزم أن تكون نهاية المدة بعد بدايتها.', en: 'The time must end after it starts.' },
  minutes: {
    ar: 'البداية والنهاية بالدقائق الكاملة.',
    en: 'A contested time starts and ends at whole minutes.',
  },
  future: {
    ar: 'لا اعتراض إلا على مدة مضت.',
    en: 'Only time that has passed can be contested.',
  },
  length: { ar: 'أقصى مدة للاعتراض 30 يومًا.', en: 'A dispute is about at most 30 days.' },
  cause: {
    ar: 'للوقت المتوقف سبب، وليس لوقت العمل سبب.',
    en: 'Time that was down has a cause, and time that was up has none.',
  },
  emergency: {
    ar: 'الصيانة الطارئة توقف، ولا تكون مع حالة أخرى.',
    en: 'In emergency maintenance an environment is down.',
  },
  evidence: {
    ar: 'بصمة المستند 64 خانة سداسية عشرية.',
    en: 'The evidence is named by its hash: 64 hex digits.',
  },
  cycle: {
    ar: 'يلزم أن تقع المدة في دورة واحدة. نهاية هذه الدورة: {end}.',
    en: 'A dispute lies within one cycle; this one ends {end}.',
  },
  frozen: {
    ar: 'الدورة مقفلة، ولا تتغير إلا بتعديل مرقم.',
    en: 'The cycle is frozen: it changes only by a revision.',
  },
  late: {
    ar: 'انتهت مهلة الاعتراض على هذه الدورة: {until}.',
    en: 'Time of this cycle could be contested until {until}.',
  },
  scope: {
    ar: 'لم تكن البيئة في السجل طوال هذه المدة.',
    en: 'The environment was not in the register for all of this time.',
  },
  open: {
    ar: 'للبيئة 50 اعتراضًا لم يُتخذ فيها قرار، وهو الحد الأقصى.',
    en: 'The environment has 50 disputes that nobody has decided, which is the limit.',
  },
  overlap: {
    ar: 'تداخل مع اعتراض آخر من {from} إلى {to}.',
    en: 'It overlaps another dispute from {from} to {to}.',
  },
  role: { ar: 'صلاحية الحساب لا تتيح هذا الإجراء.', en: 'This account may not do this.' },
  second_person: {
    ar: 'القرار لحساب آخر غير حساب مقدم الاعتراض.',
    en: 'Another account than the one that contested must decide.',
  },
  decided: { ar: 'سبق اتخاذ القرار في هذا الاعتراض.', en: 'This was decided before.' },
  withdrawn: { ar: 'الاعتراض مسحوب.', en: 'It was withdrawn.' },
  beyond: {
    ar: 'لا يُقبل أكثر مما طُلب: جزء من المدة أو حالة أدنى.',
    en: 'No more is granted than was claimed: a part of the time, or a worse state.',
  },
  closed: {
    ar: 'لا يُسحب إلا اعتراض لم يُتخذ فيه قرار.',
    en: 'Only a dispute that nobody has decided is withdrawn.',
  },
  time: { ar: 'يلزم تحديد التاريخ والوقت.', en: 'Give the date and the time.' },
  why: refusedTexts.why,
  not_found: { ar: 'لا اعتراض بهذا الرقم لهذه البيئة.', en: 'There is no such dispute.' },
  other: refusedTexts.other,
} as const satisfies Record<string, Text>
export type DisputeRefusalRule = keyof typeof disputeRefusalTexts
