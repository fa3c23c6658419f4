import type { Page } from 'playwright-core'

/** Parts of a date each are a stop, and the button for its calendar is. */
const pressesPerStopMax = 8

/**
 * Walks through a page by keyboard alone, with each form that is folded away opened on the way:
 * what of the page cannot be reached, seen, left or sent so.
 */
export async function walkForms(page: Page): Promise<{ stops: number; problems: string[] }> {
  await page.evaluate(watching)
  const problems = await unfold(page)
  const expected = await page.evaluate<number>('window.walk.begin()')
  for (let pressed = 0; pressed < expected * pressesPerStopMax; pressed += 20) {
    await pressTab(page, 20)
    if (await page.evaluate<boolean>('window.walk.isRound()')) break
  }
  problems.push(...(await page.evaluate<string[]>('window.walk.problems()')))
  const forms = await page.evaluate<number>(`document.querySelectorAll('main form').length`)
  for (let i = 0; i < forms; i++) problems.push(...(await sendForm(page, i)))
  return { stops: expected, problems }
}

/** Faster than one by one: each is on its way before the one before was answered. */
async function pressTab(page: Page, times: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const tab = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 }
  const sent: Promise<unknown>[] = []
  for (let i = 0; i < times; i++) {
    sent.push(session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...tab }))
    sent.push(session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...tab }))
  }
  await Promise.all(sent)
  await session.detach()
}

/** Opens, by keyboard, whatever holds a form; from the outside to the inside. */
async function unfold(page: Page): Promise<string[]> {
  const closed = 'main details:has(form):not([open]) > summary'
  const n = await page.locator(closed).count()
  for (let i = 0; i < n; i++) {
    const isFocused = await page.evaluate<boolean>(
      `(document.querySelector('${closed}')?.focus(), document.activeElement.matches('${closed}'))`,
    )
    if (!isFocused) break
    await page.keyboard.press(i % 2 === 0 ? 'Enter' : 'Space')
  }
  const left = await page.locator(closed).allTextContents()
  return left.map((words) => `does not open: ${words}`)
}

/** Sends a form by each of its buttons, and from its first field by Enter. */
async function sendForm(page: Page, i: number): Promise<string[]> {
  const ways = await page.evaluate<string[]>(`window.walk.ways(${i})`)
  const problems: string[] = []
  for (const [at, key] of ways.entries()) {
    await page.evaluate(`window.walk.focus(${i}, ${at})`)
    await page.keyboard.press(key)
    const sent = await page.evaluate<string | null>('window.walk.sent()')
    if (sent !== null) problems.push(`${key}: ${sent}`)
  }
  return problems
}

/** In the browser: what a walk meets. Nothing is sent: only that it would be is noted. */
const watching = `(() => {
  const tabbable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  const nameOf = (at) => [at.localName, at.id, at.name, at.textContent.trim().slice(0, 30)].join(' ')
  const isStop = (at) => at.type !== 'hidden' && !at.disabled && (at.form || at.tabIndex >= 0) &&
    at.checkVisibility({ visibilityProperty: true })
  let expected = []
  let stops = []
  let submitted = null
  let wanted = null
  document.addEventListener('focusin', ({ target }) => {
    if (stops.at(-1)?.target === target) return
    const { outlineStyle, outlineWidth } = getComputedStyle(target)
    const { top, bottom, left, right, width } = target.getBoundingClientRect()
    stops.push({
      target,
      isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && width > 0,
      isInView: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
      box: { top: top + scrollY, bottom: bottom + scrollY, left, right },
    })
  })
  document.addEventListener('submit', (event) => {
    event.preventDefault()
    submitted = event
  })
  const controlsOf = (form) => [...form.elements].filter(isStop)
  const isAfter = (a, b) => {
    if (b.top >= a.bottom - 2) return true
    const isBeside = b.top < a.bottom && b.bottom > a.top
    const isFurther = document.dir === 'rtl' ? b.right <= a.left + 2 : b.left >= a.right - 2
    return isBeside ? isFurther : b.top >= a.top
  }
  window.walk = {
    begin: () => {
      expected = [...document.querySelectorAll(tabbable)].filter(isStop)
      for (const form of document.forms) form.noValidate = true
      document.activeElement.blur()
      scrollTo(0, 0)
      document.querySelector('.skip').focus()
      stops = stops.slice(-1)
      return expected.length
    },
    isRound: () => stops.length > expected.length,
    problems: () => {
      const problems = []
      expected.forEach((at, i) => {
        const stop = stops[i]
        if (stop?.target !== at && problems.length < 5) {
          problems.push('stop ' + i + ' is ' + (stop ? nameOf(stop.target) : 'never reached') +
            ' instead of ' + nameOf(at))
        }
        if (stop && !stop.isSeen) problems.push('shows no focus: ' + nameOf(stop.target))
        if (stop && !stop.isInView) problems.push('is out of sight: ' + nameOf(stop.target))
        const before = stops[i - 1]
        const isSameForm = stop?.target.form && before?.target.form === stop.target.form
        if (isSameForm && !isAfter(before.box, stop.box)) {
          problems.push('is read before ' + nameOf(before.target) + ': ' + nameOf(stop.target))
        }
      })
      return problems
    },
    ways: (i) => {
      const form = document.querySelectorAll('main form')[i]
      const buttons = form.querySelectorAll('button').length
      const keys = [...Array(buttons)].flatMap(() => ['Enter', 'Space'])
      return [...keys, ...(form.querySelector('input:not([type=hidden])') ? ['Enter'] : [])]
    },
    focus: (i, way) => {
      const form = document.querySelectorAll('main form')[i]
      const buttons = form.querySelectorAll('button')
      const isButton = way < buttons.length * 2
      const field = form.querySelector('input:not([type=hidden], [type=file])')
      submitted = null
      wanted = { form, button: isButton ? buttons[Math.floor(way / 2)] : buttons[0] }
      ;(isButton ? wanted.button : (field ?? wanted.button)).focus()
    },
    sent: () => submitted?.target === wanted.form && submitted.submitter === wanted.button
      ? null : 'does not send ' + nameOf(wanted.button),
  }
})()`
