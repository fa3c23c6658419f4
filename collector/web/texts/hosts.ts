import type { HostAct, ListedToken } from '../../people/hosts.ts'
import type { Text } from '../language.ts'
import { refusedTexts } from './refused.ts'

/** The hosts of an institution: agents, tokens, how to install, receipts. */
export const hostTexts = {
  manage: { ar: 'إدارة برامج الرصد ورموز التسجيل', en: 'Manage agents and enrolment tokens' },
  enrolledAt: { ar: 'تاريخ التسجيل', en: 'Enrolled' },
  pendingHow: {
    ar: 'بانتظار الاعتماد: لا قياس يُحتسب منه قبل ذلك.',
    en: 'Nothing it measures counts before it is approved.',
  },
  quarantinedHow: {
    ar: 'وردت منه رسائل متعارضة، كما يحدث عند نسخ خادم: لا يُحتسب منه شيء الآن.',
    en: 'Its messages contradict each other, as those of a copied host do: nothing counts now.',
  },
  quarantinedDo: {
    ar: 'المطلوب: تنفيذ {command} على الخادم الصحيح، ثم إدخال رمزه في صفحة برامج الرصد.',
    en: 'Run {command} on the right host, then enter the code it prints on the page of agents.',
  },
  rejoins: { ar: 'طلبات العودة الواردة: {n}', en: 'Requests to go on: {n}' },
  contested: {
    ar: 'رسائل محفوظة دون احتساب: {n}',
    en: 'Messages kept aside, not counted: {n}',
  },
  decide: { ar: 'اتخاذ القرار', en: 'Decide' },
  releaseAsked: { ar: 'طلب رفع الإيقاف بالرمز', en: 'Release asked for with the code' },
  releaseHow: {
    ar: 'رفع الإيقاف بانتظار اعتماد حساب آخر، بعد مطابقة الرمز لدى القائمين على الخادم.',
    en: 'Another account must approve the release, once the people of the host confirm the code.',
  },
  code: { ar: 'الرمز الظاهر على الخادم', en: 'Code that the host shows' },
  attention: { ar: 'برامج رصد تتطلب إجراءً: {n}', en: 'Agents that need somebody: {n}' },
  notShown: { ar: 'عدد غير المعروض: {n}', en: 'Not shown: {n}' },

  tokens: { ar: 'رموز التسجيل', en: 'Enrolment tokens' },
  noTokens: { ar: 'لا رموز تسجيل بعد.', en: 'No token has been made yet.' },
  token: { ar: 'رقم الرمز', en: 'Token' },
  tokenState: { ar: 'الحالة', en: 'State' },
  uses: { ar: 'الخوادم المسجلة', en: 'Hosts joined' },
  usesOf: { ar: '{uses} من {usesMax}', en: '{uses} of {usesMax}' },
  expires: { ar: 'انتهاء الصلاحية', en: 'Good until' },
  caps: { ar: 'القيود', en: 'Limits' },
  capSubnets: { ar: 'الشبكات: {subnets}', en: 'Networks: {subnets}' },
  capApproval: { ar: 'باعتماد كل خادم', en: 'Each host needs approval' },
  capNone: { ar: 'لا قيود أخرى', en: 'No others' },
  end: { ar: 'إنهاء الرمز', en: 'End token' },

  install: { ar: 'تركيب برنامج الرصد', en: 'Install the agent' },
  installHow: {
    ar: 'يُنشأ رمز تسجيل محدود، فتظهر أوامر التركيب كاملة مرة واحدة.',
    en: 'Make a capped token: the commands then appear complete, this once.',
  },
  packages: {
    ar: 'الحزم لدى مسؤول المنصة، ولا يلزم اتصال بالإنترنت.',
    en: 'The packages come from the admin; no internet is needed.',
  },
  make: { ar: 'إنشاء رمز وعرض الأوامر', en: 'Make a token and show the commands' },
  environment: { ar: 'بيئة الاستضافة', en: 'Hosting environment' },
  usesField: { ar: 'عدد الخوادم (من 1 إلى {max})', en: 'Hosts (1 to {max})' },
  hoursField: { ar: 'مدة الصلاحية بالساعات (من 1 إلى {max})', en: 'Good for hours (1 to {max})' },
  subnetsField: {
    ar: 'الشبكات المسموح بها (اختياري)، مثل {example}، وبينها مسافة',
    en: 'Networks allowed (optional), such as {example}, separated by spaces',
  },
  approvalField: { ar: 'يلزم اعتماد كل خادم', en: 'Each host waits until it is approved' },
  made: {
    ar: 'الرمز {id} صالح حتى {time}، وعدد الخوادم {uses}.',
    en: 'Token {id} is good until {time}, for this many hosts: {uses}.',
  },
  shownOnce: {
    ar: 'يظهر الرمز هذه المرة وحدها: لا تحفظ المنصة منه إلا بصمته.',
    en: 'The token is shown this once: the collector keeps only its hash.',
  },
  asRoot: { ar: 'على {system}، بحساب {user}', en: 'On {system}, as {user}' },
  onWindows: {
    ar: 'على {system}، في نافذة أوامر بصلاحية المسؤول داخل مجلد الحزمة',
    en: 'On {system}, in a PowerShell of an administrator, in the unpacked folder',
  },
  rpm: {
    ar: 'وعلى الأنظمة ذات حزم أخرى يحل محل الأمر الأول: {command}.',
    en: 'Where packages are of the other kind, instead of the first line: {command}.',
  },
  review: {
    ar: 'ما سيرصده البرنامج مكتوب في {file}، وتعديله ممكن قبل التسجيل.',
    en: 'What it is going to watch stands in {file}; change it before the host joins.',
  },
  waitsFor: {
    ar: 'عند لزوم الاعتماد ينتهي {command} بالرقم {code}، ويُعاد بعد الاعتماد.',
    en: 'Where approval is needed {command} ends with {code}: repeat it once approved.',
  },
  loopback: {
    ar: 'لا يصل إلى {address} إلا هذا الجهاز. العنوان العام للوحة هو ما يلزم في الأوامر.',
    en: 'Only this machine reaches {address}: open the board at its public address instead.',
  },

  receipts: { ar: 'إيصالات الاستلام', en: 'Receipts' },
  receiptsHow: {
    ar: 'أحدث ما في السجل من كل برنامج رصد.',
    en: 'The newest message of each agent in the log.',
  },
  receiptsWhy: {
    ar: 'النسخ المحفوظة خارج المنصة من الإيصالات ونقاط التحقق تكشف أي تغيير في السجل.',
    en: 'Receipts and checkpoints kept elsewhere are what shows that a log was rewritten.',
  },
  noReceipts: { ar: 'لا شواهد مستلمة بعد.', en: 'No evidence has been received yet.' },
  leaf: { ar: 'رقم القيد في السجل', en: 'Leaf in the log' },
  batch: { ar: 'بصمة الرسالة ({algorithm})', en: 'Hash of the message ({algorithm})' },
  received: { ar: 'وقت الاستلام', en: 'Received' },
  checkpoint: { ar: 'أحدث نقطة تحقق', en: 'Newest checkpoint' },
  checkpointOf: { ar: '{n} من القيود، {time}', en: '{n} leaves, {time}' },
  download: { ar: 'تنزيل نقطة التحقق', en: 'Download the checkpoint' },
  keepHow: {
    ar: 'يحتفظ كل خادم بإيصالاته، ونسخها بالأمر {command}.',
    en: 'Each host keeps its receipts. Copy them with {command}.',
  },
  keepUntil: {
    ar: 'تُحفظ مع نقاط التحقق خارج المنصة حتى سنة بعد إقفال الدورة.',
    en: 'Keep them with the checkpoints elsewhere until a year after the cycle is frozen.',
  },
  verifyHow: {
    ar: 'للتحقق من ملف مصدّر بها: {command}.',
    en: 'To check an export against them: {command}.',
  },
} as const satisfies Record<string, Text>

/** What people do about an agent. */
export const hostActTexts: Readonly<Record<HostAct['is'], Text>> = {
  approve: { ar: 'اعتماد', en: 'Approve' },
  revoke: { ar: 'إلغاء التسجيل نهائيًا', en: 'Revoke for good' },
  release: { ar: 'طلب رفع الإيقاف', en: 'Ask for release' },
  'approve-release': { ar: 'اعتماد رفع الإيقاف', en: 'Approve the release' },
  'refuse-release': { ar: 'رفض رفع الإيقاف', en: 'Refuse the release' },
  'withdraw-release': { ar: 'سحب طلب رفع الإيقاف', en: 'Withdraw the request' },
}

export const tokenStateTexts: Readonly<Record<ListedToken['state'], Text>> = {
  open: { ar: 'صالح', en: 'Open' },
  used: { ar: 'مستنفد', en: 'Used up' },
  expired: { ar: 'منتهي الصلاحية', en: 'Expired' },
  ended: { ar: 'منهى', en: 'Ended' },
}

/** Why a form about hosts was refused. */
export const hostRefusalTexts = {
  forbidden: { ar: 'صلاحية الحساب لا تتيح هذا الإجراء.', en: 'This account may not do this.' },
  not_found: {
    ar: 'لا يوجد برنامج رصد أو رمز بهذا الرقم.',
    en: 'There is no such agent or token.',
  },
  environment: {
    ar: 'بيئة الاستضافة: يلزم اختيار بيئة مسجلة للمؤسسة.',
    en: 'Hosting environment: choose one that is registered for the institution.',
  },
  uses: { ar: 'عدد الخوادم: عدد صحيح من 1 إلى 500.', en: 'Hosts: a whole number from 1 to 500.' },
  hours: {
    ar: 'مدة الصلاحية: عدد صحيح من الساعات من 1 إلى 72.',
    en: 'Good for: a whole number of hours from 1 to 72.',
  },
  subnets: {
    ar: 'الشبكات: حتى 20 شبكة بصيغة عنوان وعدد خانات، وبينها مسافة.',
    en: 'Networks: at most 20, each such as 192.0.2.0/24 or 2001:db8::/32, separated by spaces.',
  },
  code: {
    ar: 'الرمز: ثلاث مجموعات من أربع خانات كما تظهر على الخادم، ولا طلب عودة بغيرها.',
    en: 'Code: three groups of four as the host shows them; no request with another one waits.',
  },
  state: {
    ar: 'حالة برنامج الرصد تغيرت ولم تعد تتيح هذا الإجراء.',
    en: 'The agent is no longer in a state in which this can be done.',
  },
  second_person: {
    ar: 'لا يعتمد رفع الإيقاف من طلبه، ولا حساب أنشأه أو أنشأ هو له وسيلة دخول.',
    en: 'Whoever asked cannot decide, nor an account that made theirs or that they made.',
  },
  role: { ar: 'صلاحية الحساب لا تتيح هذا القرار.', en: 'This account may not decide this.' },
  token: {
    ar: 'القرار لشخص سجّل دخوله، لا لرمز الواجهة البرمجية.',
    en: 'A token decides nothing: a person who signed in must.',
  },
  asked: {
    ar: 'طلب رفع الإيقاف لهذا البرنامج قائم بانتظار الاعتماد.',
    en: 'A release of this agent already waits for approval.',
  },
  not_asked: {
    ar: 'لا طلب قائم لرفع الإيقاف عن هذا البرنامج.',
    en: 'Nobody asked for a release of this agent.',
  },
  decided: { ar: 'اتُخذ القرار في هذا الطلب من قبل.', en: 'This was decided before.' },
  withdrawn: { ar: 'سُحب هذا الطلب.', en: 'This request was withdrawn.' },
  why: refusedTexts.why,
  other: refusedTexts.other,
} as const satisfies Record<string, Text>
export type HostRule = keyof typeof hostRefusalTexts
