import type { Text } from '../../language.ts'
import { homeFaults } from './faults-home.ts'
import { wayFaults } from './faults-way.ts'

/** Of `doctor`. */
export const doctorTexts = {
  details: {
    ar: `لا يغيّر شيئًا، ولا يرسل إلا طلب قراءة واحدًا إلى المنصة المركزية.
رمز الخروج 0 إذا لم يوجد عطل، و1 إذا وُجد.`,
    en: `Changes nothing and sends nothing but one GET to the collector.
Exit 0 nothing is wrong, 1 a fault was found.`,
  },
  json: { ar: 'عرض النتائج بصيغة `JSON`.', en: 'Print the findings as `JSON`.' },
  remedy: { ar: 'العلاج: {remedy}', en: 'Remedy: {remedy}' },
  none: { ar: 'لا توجد أعطال.', en: 'Nothing is wrong.' },
  first: {
    ar: 'ابدأ بأول عطل: قد يكون سببًا لما بعده.',
    en: 'Begin with the first fault: it may be the cause of the others.',
  },
} as const satisfies Record<string, Text>

export const outcomeTexts = {
  ok: { ar: 'سليم', en: 'ok' },
  fault: { ar: 'عطل', en: 'FAULT' },
  skipped: { ar: 'لم يُفحص', en: 'skipped' },
} as const satisfies Record<string, Text>

/** Steps, and what is shown beside one that is right. */
export const stepTexts = {
  config: { name: { ar: 'الملف', en: 'Configuration' }, ok: { ar: '{file}', en: '{file}' } },
  proxy: { name: { ar: 'الوسيط', en: 'Proxy' }, ok: { ar: '{proxy}', en: '{proxy}' } },
  name: {
    name: { ar: 'الاسم', en: 'Name' },
    ok: { ar: '{name}: {address}', en: '{name}: {address}' },
  },
  connect: { name: { ar: 'الاتصال', en: 'Connection' }, ok: { ar: 'مفتوح', en: 'open' } },
  tls: {
    name: { ar: 'الاتصال الآمن', en: 'Security (TLS)' },
    ok: { ar: '{protocol}', en: '{protocol}' },
  },
  collector: {
    name: { ar: 'المنصة المركزية', en: 'Collector' },
    ok: { ar: 'أجابت', en: 'answers' },
  },
  clock: {
    name: { ar: 'الساعة', en: 'Clock' },
    ok: { ar: 'الفرق بالثواني: {offset}', en: '{offset} s off' },
  },
  folder: {
    name: { ar: 'المجلد', en: 'Folder' },
    ok: { ar: 'المتاح بالميبيبايت: {mebibytes}', en: '{mebibytes} MiB free' },
  },
  enrolment: {
    name: { ar: 'الانضمام', en: 'Enrolment' },
    ok: { ar: '{agent} في {environment}', en: '{agent} in {environment}' },
  },
  key: { name: { ar: 'المفتاح', en: 'Key' }, ok: { ar: 'لصاحبه وحده', en: "its owner's only" } },
  spool: { name: { ar: 'مخزن الرسائل', en: 'Spool' }, ok: { ar: 'سليم', en: 'sound' } },
  stream: { name: { ar: 'برنامج الرصد', en: 'Agent' }, ok: { ar: '{running}', en: '{running}' } },
  checks: {
    name: { ar: 'الفحوص', en: 'Checks' },
    ok: { ar: 'عددها {count}، ولا ينقصها إذن', en: '{count}, none lacks a permission' },
  },
  facts: {
    name: { ar: 'بيانات الجاهزية', en: 'Facts' },
    ok: { ar: 'الأذونات الناقصة: {permissions}', en: 'missing permissions: {permissions}' },
  },
} as const satisfies Record<string, { name: Text; ok: Text }>

/** What stands in a place whose value there is none of. */
export const absentTexts = {
  proxy: { ar: 'لم يُحدد وسيط', en: 'none is set' },
  address: { ar: 'يبحث عنه الوسيط', en: 'the proxy looks it up' },
  protocol: { ar: 'لا يلزم على الجهاز نفسه', en: 'not needed on this very machine' },
  running: { ar: 'متوقف', en: 'is not running' },
  permissions: { ar: 'لا شيء', en: 'none' },
} as const satisfies Record<string, Text>

export const runningText: Text = { ar: 'يعمل', en: 'is running' }

/** What may be wrong, and the one thing to do about it. */
export const faultTexts = { ...homeFaults, ...wayFaults }
