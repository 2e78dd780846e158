// Section pages: each answer is saved by itself, and a phone shows one question at a time. Without this, the form works as it is.
const form = document.getElementById('questions');
const status = document.getElementById('save');
const words = form.dataset;
const questions = [...form.querySelectorAll('.question')];

let waiting = 0;
function say(text, failed = false) {
  if (status.textContent !== text) status.textContent = text;
  status.classList.toggle('failed', failed);
}

async function save(question, extra) {
  const body = new URLSearchParams();
  for (const field of question.querySelectorAll('input, textarea')) {
    if (!/^(radio|checkbox)$/.test(field.type) || field.checked) body.append(field.name, field.value);
  }
  for (const name of ['form_token']) body.append(name, form.elements[name].value);
  body.append('section', words.section);
  if (extra) body.append('clear', question.dataset.question);
  waiting += 1;
  say(words.saving);
  try {
    const reply = await fetch(words.answers + encodeURIComponent(question.dataset.question), { method: 'POST', body, keepalive: true });
    if (!reply.ok) throw new Error(reply.status);
    waiting -= 1;
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', numberingSystem: 'latn' });
    if (waiting === 0) say(words.saved.replace('{time}', time.format(new Date())));
  } catch {
    waiting -= 1;
    say(words.failed, true);
  }
}

const timers = new Map();
function soon(question) {
  clearTimeout(timers.get(question));
  timers.set(question, setTimeout(() => now(question), 1200));
}
function now(question) {
  if (!timers.has(question)) return;
  clearTimeout(timers.get(question));
  timers.delete(question);
  save(question);
}

function offerClearing(question) {
  const said = question.querySelector(':checked') || [...question.querySelectorAll('input.number')].some((f) => f.value);
  question.querySelector('.clear button').hidden = !said;
  question.toggleAttribute('data-answered', Boolean(said));
}

// Tick boxes: the words below the list and the list itself exclude each other.
function exclude(field) {
  const boxes = [...field.closest('.question').querySelectorAll('[type=checkbox]')];
  const isWord = (box) => !/^\d+$/.test(box.value);
  if (field.type === 'checkbox' && field.checked) {
    for (const box of boxes) if (box !== field && (isWord(field) || isWord(box))) box.checked = false;
    if (isWord(field)) for (const number of field.closest('.question').querySelectorAll('input.number')) number.value = '';
  } else if (field.classList.contains('number') && field.value) {
    for (const box of boxes) box.checked = false;
  }
}

for (const question of questions) {
  question.addEventListener('change', (event) => {
    if (event.target.matches('textarea')) return;
    exclude(event.target);
    offerClearing(question);
    timers.delete(question);
    save(question);
  });
  question.addEventListener('input', (event) => {
    if (event.target.matches('textarea')) soon(question);
  });
  question.addEventListener('focusout', () => now(question));
  question.addEventListener('keydown', (event) => {
    if (event.target.type !== 'radio' || event.ctrlKey || event.altKey || event.metaKey || !/^\d$/.test(event.key)) return;
    const level = question.querySelector(`input[type=radio][value="${event.key}"]`);
    if (level && !level.checked) level.click();
    level?.focus();
  });
  question.querySelector('.clear button').addEventListener('click', (event) => {
    event.preventDefault();
    for (const field of question.querySelectorAll(':checked')) field.checked = false;
    for (const field of question.querySelectorAll('input.number')) field.value = '';
    offerClearing(question);
    save(question, true);
    question.querySelector('legend').focus();
  });
}
document.addEventListener('visibilitychange', () => questions.forEach(now));
addEventListener('pagehide', () => questions.forEach(now));
form.addEventListener('submit', () => { timers.forEach((timer) => clearTimeout(timer)); timers.clear(); });

// One question in view on small screens.
const small = matchMedia('(max-width: 40em)');
const main = form.querySelector('.bar .button');
const text = main.textContent;
const back = Object.assign(document.createElement('button'), { type: 'button', className: 'button second', textContent: words.previous });
const place = Object.assign(document.createElement('p'), { className: 'place' });
let at = 0;

function show(index, focus) {
  at = Math.max(0, Math.min(index, questions.length - 1));
  questions.forEach((question, i) => { question.hidden = i !== at; });
  place.textContent = words.place.replace('{n}', at + 1).replace('{count}', questions.length);
  main.textContent = at === questions.length - 1 ? text : words.next;
  back.hidden = at === 0;
  if (focus) {
    scrollTo(0, 0);
    questions[at].querySelector('legend').focus();
  }
}
function arrange() {
  const steps = small.matches && questions.length > 0;
  form.classList.toggle('steps', steps);
  place.hidden = !steps;
  back.hidden = !steps;
  if (!steps) {
    questions.forEach((question) => { question.hidden = false; });
    main.textContent = text;
    return;
  }
  const wanted = questions.findIndex((question) => `#${question.id}` === decodeURIComponent(location.hash));
  const open = questions.findIndex((question) => !question.hasAttribute('data-answered'));
  const wrong = questions.findIndex((question) => question.querySelector('.problem'));
  show([wrong, wanted, open, 0].find((i) => i >= 0));
}
main.parentElement.prepend(back);
form.prepend(place);
back.addEventListener('click', () => show(at - 1, true));
form.addEventListener('submit', (event) => {
  if (!form.classList.contains('steps') || at === questions.length - 1 || event.submitter?.name === 'clear') return;
  event.preventDefault();
  now(questions[at]);
  show(at + 1, true);
});
addEventListener('hashchange', arrange);
small.addEventListener('change', arrange);
arrange();
