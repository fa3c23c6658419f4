import { createServer } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { newFold, observe } from '../../../agent/fold.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { settings as schema, tls } from '../../../agent/probes/tls.ts'
import { seal } from '../../../agent/seal.ts'
import { dayMs, hourMs, minuteMs, secondMs } from '../../../protocol/time.ts'
import { makeCertificate } from '../../support/certificates.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { listen, probeContext } from '../../support/loopback.ts'
import { WireAgent } from '../../support/wire-agent.ts'

test('the metric of a certificate stays when it has expired, and goes on below zero', async () => {
  const start = Date.parse('2026-11-21T12:00:00Z')
  const definition = { check: 'certificate', kind: 'tls', intervalMs: minuteMs } as const
  const folder = temporaryFolder()
  const clock = new TestClock(start)
  const collector = await openTestCollector(folder.path, clock)
  onTestFinished(async () => {
    await collector.close()
    folder[Symbol.dispose]()
  })
  const agent = new WireAgent(collector.app, start - dayMs, [definition])
  await agent.enrol(await collector.token())

  const names = ['127.0.0.1']
  const certificate = makeCertificate({ names, from: start - dayMs, to: start + 5 * minuteMs })
  const settings = withDefaults(schema, {
    ...{ host: '127.0.0.1', port: await listen(createServer(certificate)) },
    ...({ trust: 'any', daysLeftMin: 0 } as const),
  })
  let fold = newFold(agent.boot, [definition], dayMs)
  const remaining = async (minute: number) => {
    const now = start + minute * minuteMs
    clock.at = now
    const boot = dayMs + minute * minuteMs
    const seen = await tls(settings, probeContext({ now: () => now }))
    for (const at of [boot - 2 * secondMs, boot - secondMs]) {
      fold = observe(fold, 'certificate', { ...seen, at })
    }
    const sealed = seal(fold, { wall: now, boot }, true)
    fold = sealed.fold
    await agent.heartbeat(boot)
    for (const body of sealed.bodies) {
      const { agent: name, epoch, seq, prev } = agent
      const answer = await agent.send({ v: 1, agent: name, epoch, seq, prev, ...body })
      expect(answer.status, answer.text).toBe(200)
    }
    await collector.evaluate()
    const { body } = await collector.app.inject('/metrics')
    const line = /^istimrar_check_remaining_seconds\{.*check="([^"]*)".*\} (.*)$/m.exec(body) ?? []
    return [seen.state, seen.reason, line[1], Number(line[2])]
  }

  expect(await remaining(1)).toEqual(['up', undefined, 'web-1/certificate', 240])
  const expired = ['degraded', 'certificate_expired', 'web-1/certificate']
  expect(await remaining(6)).toEqual([...expired, -60])
  expect(await remaining(65)).toEqual([...expired, -hourMs / secondMs])
})
