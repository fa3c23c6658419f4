/* The board works without this file. It keeps the page fresh and saves pasting the login code. */

const refreshMs = 15_000
const answerMs = 10_000

const pause = document.querySelector('#pause')
const stale = document.querySelector('#stale > span')
const main = document.querySelector('main')
let pointerDown = false

/** Whether a field holds something else than the page came with. */
function isChanged(field) {
  if (field.localName === 'select') {
    const first = [...field.options].findIndex((option) => option.defaultSelected)
    return field.selectedIndex !== Math.max(0, first)
  }
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked
}

/** Whether swapping the content now would take something out of somebody's hands. */
function busy() {
  const { activeElement } = document
  const focused = activeElement !== main && main.contains(activeElement)
  const typed = [...main.querySelectorAll('input, textarea, select')].some(isChanged)
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
  for (const details of main.querySelectorAll('details[open][id]')) {
    fresh.querySelector(`#${details.id}`)?.setAttribute('open', '')
  }
  const scrolled = [...main.querySelectorAll('.scroll')].map((frame) => frame.scrollLeft)
  main.replaceChildren(...fresh.childNodes)
  main.querySelectorAll('.scroll').forEach((frame, i) => {
    frame.scrollLeft = scrolled[i] ?? 0
  })
  document.querySelector('#times').replaceChildren(...page.querySelector('#times').childNodes)
}

/** Says in the bar how much waits, even while a form is in use: the links themselves stay. */
function count(page) {
  const fresh = page.querySelectorAll('.pages a')
  document.querySelectorAll('.pages a').forEach((link, i) => {
    const isSame = fresh[i]?.getAttribute('href') === link.getAttribute('href')
    if (!isSame || fresh[i].textContent === link.textContent) return
    link.replaceChildren(...fresh[i].childNodes)
  })
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
  if (!page?.querySelector('#times')) {
    location.replace(location.pathname)
    return
  }
  count(page)
  if (!busy()) swap(page)
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
  const form = document.querySelector('form.code')
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
