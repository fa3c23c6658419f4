/* The board works without this file. It keeps the page fresh and saves pasting the login code. */

const refreshMs = 15_000
const answerMs = 10_000

const pause = document.querySelector('#pause')
const stale = document.querySelector('#stale > span')
const main = document.querySelector('main')
let pointerDown = false

/** Whether swapping the content now would take something out of somebody's hands. */
function busy() {
  const { activeElement } = document
  const focused = activeElement !== main && main.contains(activeElement)
  const typed = [...main.querySelectorAll('input')].some(
    (field) => field.value !== field.defaultValue,
  )
  const told = main.querySelector('[role=alert]') !== null
  const selection = document.getSelection()
  const selecting = !selection.isCollapsed && main.contains(selection.anchorNode)
  return focused || typed || told || selecting || pointerDown
}

/** The page as it is now; null when it is gone or nobody is signed in any more. */
async function load() {
  const answer = await fetch(location.href, {
    cache: 'no-store',
    signal: AbortSignal.timeout(answerMs),
  })
  if (answer.redirected || answer.status === 404) return null
  if (!answer.ok) throw new Error(`The collector answered ${answer.status}.`)
  return new DOMParser().parseFromString(await answer.text(), 'text/html')
}

/** Puts the new content in place and leaves open what was open and scrolled what was scrolled. */
function swap(page) {
  const fresh = page.querySelector('main')
  for (const details of main.querySelectorAll('details[open]')) {
    fresh.querySelector(`#${details.id}`)?.setAttribute('open', '')
  }
  const scrolled = [...main.querySelectorAll('.scroll')].map((frame) => frame.scrollLeft)
  main.replaceChildren(...fresh.childNodes)
  main.querySelectorAll('.scroll').forEach((frame, i) => {
    frame.scrollLeft = scrolled[i] ?? 0
  })
  document.querySelector('#times').replaceChildren(...page.querySelector('#times').childNodes)
}

function showStale(isStale) {
  stale.hidden = !isStale
  document.body.classList.toggle('is-stale', isStale)
}

async function refresh() {
  if (document.hidden || pause.getAttribute('aria-pressed') === 'true') return
  let page
  try {
    page = await load()
  } catch {
    showStale(true)
    return
  }
  showStale(false)
  // Not a reload: that would send a form again.
  if (!page?.querySelector('#times')) location.replace(location.pathname)
  else if (!busy()) swap(page)
}

async function keepFresh() {
  await refresh()
  setTimeout(keepFresh, refreshMs)
}

function togglePause() {
  const paused = pause.getAttribute('aria-pressed') !== 'true'
  pause.setAttribute('aria-pressed', String(paused))
  const words = pause.dataset.resume
  pause.dataset.resume = pause.textContent
  pause.textContent = words
}

/** The code stands behind `#`, where no server and no log sees it; it leaves the history too. */
function signIn() {
  const form = document.querySelector('form.login')
  if (!form || location.hash.length < 2) return
  form.elements.code.value = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
  form.requestSubmit()
}

if (pause) {
  pause.hidden = false
  pause.addEventListener('click', togglePause)
  document.addEventListener('pointerdown', () => {
    pointerDown = true
  })
  for (const end of ['pointerup', 'pointercancel']) {
    document.addEventListener(end, () => {
      pointerDown = false
    })
  }
  document.addEventListener('visibilitychange', refresh)
  setTimeout(keepFresh, refreshMs)
}
signIn()
addEventListener('hashchange', signIn)
