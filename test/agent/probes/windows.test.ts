import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { windowsProcess } from '../../../agent/probes/windows-process.ts'
import { windowsService } from '../../../agent/probes/windows-service.ts'

/** Recorded answers: test/fixtures/windows/README.md says whose. */
const recorded = (file: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/windows', file), 'utf8')

const says = (stdout: string, status = 0) => {
  const asked: string[] = []
  return {
    asked,
    signal: new AbortController().signal,
    run: async ({ file, args }: { file: string; args: readonly string[] }) => {
      asked.push([file, ...args].join(' '))
      return { status, stdout, stderr: '', aborted: false }
    },
  }
}

describe('windowsService', () => {
  test.each([
    ['sc-query-running.txt', true],
    ['sc-query-driver.txt', true],
    ['sc-query-stopped.txt', false],
    ['sc-query-arabic.txt', true],
  ])('%s', async (file, running) => {
    expect(await windowsService('spooler', says(recorded(file)))).toEqual({ running })
  })

  test.each([
    ['starting', 2],
    ['stopping', 3],
    ['paused', 7],
  ])('a service that is %s does not run', async (_name, state) => {
    const text = recorded('sc-query-running.txt').replace(': 4  RUNNING', `: ${state}  PENDING`)
    expect(await windowsService('spooler', says(text))).toEqual({ running: false })
  })

  test('a name that no service has is told by the exit status, not by its sentence', async () => {
    const asked = windowsService('nobody', says('[SC] فشل', 1_060))
    await expect(asked).rejects.toThrow('no such service')
  })

  test.each([
    ['access denied', '[SC] OpenService FAILED 5:\r\n\r\nAccess is denied.\r\n', 5],
    ['nothing', '', 0],
    ['only a type', '\r\nSERVICE_NAME: x\r\n        TYPE               : 10  WIN32\r\n', 0],
  ])('no observation is made of %s', async (_name, stdout, status) => {
    await expect(windowsService('x', says(stdout, status))).rejects.toThrow('sc could not')
  })
})

describe('windowsProcess', () => {
  test.each([
    ['python', 'tasklist.csv', 4],
    ['Python.EXE', 'tasklist.csv', 4],
    ['python', 'tasklist-arabic.csv', 1],
    ['python', 'tasklist-none-arabic.txt', 0],
    ['pyth', 'tasklist.csv', 0],
  ])('%s in %s', async (name, file, count) => {
    expect(await windowsProcess(name, says(recorded(file)))).toBe(count)
  })

  test('an Arabic name is filtered by tasklist: its code page garbles what comes back', async () => {
    const tool = says('"������.exe","4120","Services","0","9,124 K"\r\n')
    expect(await windowsProcess('برنامج', tool)).toBe(1)
    expect(tool.asked).toEqual(['tasklist.exe /FI IMAGENAME eq برنامج.exe /FO CSV /NH'])
    expect(await windowsProcess('برنامج', says(recorded('tasklist-none-arabic.txt')))).toBe(0)
  })
})
