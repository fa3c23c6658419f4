import type { Bilingual } from '../../collector/kpi/snapshot.ts'

/** Names of the synthetic nation. Nothing here is, or stands for, a real body. */

/** Sectors: id, and the noun that its bodies are named for. */
export const sectors = [
  ['health', 'الصحة', 'Health'],
  ['education', 'التعليم', 'Education'],
  ['transport', 'النقل', 'Transport'],
  ['energy', 'الطاقة', 'Energy'],
  ['water', 'المياه', 'Water'],
  ['finance', 'المالية', 'Finance'],
  ['justice', 'العدل', 'Justice'],
  ['labour', 'العمل', 'Labour'],
  ['culture', 'الثقافة', 'Culture'],
  ['tourism', 'السياحة', 'Tourism'],
  ['environment', 'البيئة', 'Environment'],
  ['agriculture', 'الزراعة', 'Agriculture'],
  ['communications', 'الاتصالات', 'Communications'],
  ['housing', 'الإسكان', 'Housing'],
  ['commerce', 'التجارة', 'Commerce'],
] as const

/** What a sector's bodies are called. `to` is the noun after the preposition of belonging. */
export const bodies = [
  {
    id: 'ministry',
    ar: (noun: string) => `وزارة ${noun}`,
    en: (noun: string) => `Ministry of ${noun}`,
  },
  {
    id: 'authority',
    ar: (noun: string) => `هيئة تنظيم ${noun}`,
    en: (noun: string) => `${noun} Regulation Authority`,
  },
  {
    id: 'centre',
    ar: (noun: string) => `المركز الوطني لشؤون ${noun}`,
    en: (noun: string) => `National Centre for ${noun}`,
  },
] as const

export const governorates = [
  ['north-coast', 'محافظة الساحل الشمالي', 'North Coast Governorate'],
  ['south-coast', 'محافظة الساحل الجنوبي', 'South Coast Governorate'],
  ['east-coast', 'محافظة الساحل الشرقي', 'East Coast Governorate'],
  ['inner-plain', 'محافظة السهل الداخلي', 'Inner Plain Governorate'],
  ['high-mountain', 'محافظة الجبل العالي', 'High Mountain Governorate'],
  ['oases', 'محافظة الواحات', 'Oases Governorate'],
  ['sands', 'محافظة الرمال', 'Sands Governorate'],
  ['valleys', 'محافظة الأودية', 'Valleys Governorate'],
  ['islands', 'محافظة الجزر', 'Islands Governorate'],
  ['springs', 'محافظة الينابيع', 'Springs Governorate'],
  ['harbours', 'محافظة المرافئ', 'Harbours Governorate'],
] as const

export const sites = [
  { id: 'main', name: { ar: 'مركز البيانات الرئيسي', en: 'Main data centre' } },
  { id: 'recovery', name: { ar: 'موقع التعافي', en: 'Recovery site' } },
] as const satisfies readonly { id: string; name: Bilingual }[]

export const providers = ['own', 'cloud-north', 'cloud-south', 'host-one'] as const

export const witnesses = [
  { id: 'witness-north', name: { ar: 'نقطة الرصد الخارجية الشمالية', en: 'North witness' } },
  { id: 'witness-south', name: { ar: 'نقطة الرصد الخارجية الجنوبية', en: 'South witness' } },
  { id: 'witness-cloud', name: { ar: 'نقطة الرصد الخارجية السحابية', en: 'Cloud witness' } },
] as const satisfies readonly { id: string; name: Bilingual }[]
