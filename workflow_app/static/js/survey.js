// One question a screen: progress, back, on. Without this script all questions stand on one page, and nothing is lost.

const form = document.querySelector('form[data-survey]')
const questions = form ? [...form.querySelectorAll('.survey-question')] : []
const texts = form ? form.dataset : {}
const code = form?.querySelector('[name="code"]')

// A code that came with the QR stands behind «#»: a browser never sends that part, so no log of any server has it.
if (code && !code.value && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1))
  history.replaceState(null, '', location.pathname)
}

if (form && questions.length > 1 && !form.querySelector('.field-wrong')) begin()

function begin() {
  const steps = Object.assign(document.createElement('p'), { className: 'survey-steps' })
  const said = document.createElement('span')
  const bar = Object.assign(document.createElement('progress'), { max: questions.length })
  bar.setAttribute('aria-hidden', 'true')
  said.setAttribute('aria-live', 'polite')
  steps.append(said, bar)
  form.prepend(steps)
  const back = turn(texts.back, 'btn-quiet', () => show(at - 1))
  const on = turn(texts.on, 'btn-primary', () => show(at + 1))
  const turns = Object.assign(document.createElement('div'), { className: 'survey-turn' })
  turns.append(back, on)
  const sends = form.querySelector('.form-actions, .actions') || form.querySelector('button.btn-primary').parentElement
  sends.before(turns)
  let at = 0
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target.tagName === 'TEXTAREA' || at === questions.length - 1) return
    if (event.target.tagName === 'INPUT') { event.preventDefault(); show(at + 1) }
  })
  show(0, false)

  function show(n, focused = true) {
    at = n
    questions.forEach((one, k) => { one.hidden = k !== n })
    said.textContent = texts.step.replace('{n}', n + 1).replace('{of}', questions.length)
    bar.value = n + 1
    back.disabled = n === 0
    on.hidden = n === questions.length - 1
    sends.hidden = n !== questions.length - 1
    if (focused) questions[n].querySelector('input, textarea')?.focus()
  }
}

function turn(words, look, press) {
  const button = Object.assign(document.createElement('button'), { type: 'button', className: `btn ${look}`, textContent: words })
  button.addEventListener('click', press)
  return button
}
