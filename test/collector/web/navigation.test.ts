import { describe, expect, test } from 'vitest'
import type { Account } from '../../../collector/people/accounts.ts'
import { layout } from '../../../collector/web/layout.ts'
import { navigation, navigationBar } from '../../../collector/web/parts/navigation.ts'
import { frame, reads } from '../../support/sample-pages.ts'

const people: Record<string, Account> = {
  admin: { id: 'amal', role: 'admin' },
  ministry: { id: 'ministry-1', role: 'ministry' },
  evaluator: { id: 'eva', role: 'evaluator' },
  institution: { id: 'salma-it', role: 'institution', institution: 'services-authority' },
  auditor: { id: 'aisha', role: 'auditor' },
}

const linksOf = (page: string) => [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
const barOf = (account: Account | null, more = {}) => {
  const page = layout(
    { ...frame('en', account), ...more },
    { title: 'x', trail: [], snapshot: null, main: null },
  )
  return /<nav class="pages".*?<\/nav>/s.exec(page)?.[0] ?? ''
}

describe('the bar', () => {
  test('stands on no page of somebody who is not signed in', () => {
    expect(navigationBar(frame('en', null))).toBeNull()
    expect(barOf(null)).toBe('')
  })

  test.each(Object.entries(people))('%s finds what the role may open', (_name, account) => {
    const links = linksOf(barOf(account))
    expect(links).toContain('/en')
    expect(links).toContain('/en/readiness')
    const isOwner = account.role === 'institution'
    expect(links.includes('/en/institutions/services-authority')).toBe(isOwner)
    expect(links.includes('/en/declarations')).toBe(!isOwner && account.role !== 'auditor')
    expect(links.join()).not.toContain(':institution')
  })

  test('marks the page that is shown, and no other', () => {
    const bar = barOf(people.ministry!, { path: '/readiness' })
    expect(bar.match(/aria-current/g)).toHaveLength(1)
    expect(bar).toContain('href="/en/readiness" aria-current="page"')
    expect(barOf(people.ministry!, { path: '' })).toContain('href="/en" aria-current="page"')
  })

  test('says how much waits, where there is a page of it', () => {
    const counting = navigation.filter(({ counts }) => counts)
    const bar = reads(barOf(people.admin!, { waiting: 4321 }))
    expect(bar.match(/4,321/g) ?? []).toHaveLength(counting.length)
    expect(barOf(people.admin!, { waiting: 0 })).not.toContain('class="count"')
  })
})
