import type { HostingPolicy } from '../../collector/kpi/migration/hosting-policy.ts'
import { platforms } from './move-cases.ts'

/** What the simulated ministry demands of hosting. */
export const simulatedHosting: HostingPolicy = {
  circularDate: '2026-01-01',
  dataClasses: [
    { id: 'open', label: { ar: 'بيانات مفتوحة', en: 'Open data' }, countries: 'any' },
    { id: 'restricted', label: { ar: 'بيانات مقيدة', en: 'Restricted data' }, countries: ['OM'] },
  ],
  providers: [
    {
      id: 'cloud-north',
      name: { ar: 'سحابة الشمال', en: 'Cloud North' },
      clouds: [platforms.north.cloud],
      virtualisations: [],
      regions: [
        { id: platforms.north.region, country: 'OM' },
        { id: platforms.northAbroad.region, country: 'DE' },
      ],
    },
    {
      id: 'cloud-south',
      name: { ar: 'سحابة الجنوب', en: 'Cloud South' },
      clouds: [platforms.south.cloud],
      virtualisations: [],
      regions: [{ id: '*', country: 'OM' }],
    },
    {
      id: 'cloud-old',
      name: { ar: 'السحابة القديمة', en: 'Old Cloud' },
      clouds: [platforms.old.cloud],
      virtualisations: [],
      regions: [{ id: '*', country: 'OM' }],
    },
    {
      id: 'host-one',
      name: { ar: 'الاستضافة الأولى', en: 'Host One' },
      clouds: [],
      virtualisations: [platforms.hosted.virtualisation],
      regions: [{ id: '*', country: 'OM' }],
    },
  ],
}
