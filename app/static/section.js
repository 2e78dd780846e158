// A section's page: each answer is kept and sent by itself, and a phone shows one question at a time. Without this, the form works as it is.
const { clock, flush, isUnsent, make, onChange, put, records, report, settle } = await import('./device.js' + new URL(import.meta.url).search);
const form = document.getElementById('questions');
const line = document.getElementById('save');
const words = form.dataset;
const [, , key, , section] = location.pathname.split('/');
const questions = [...form.querySelectorAll('.question')];
const choices = (question) => [...question.querySelectorAll('[type=radio], [type=checkbox]')];
const numberOf = (question) => question.querySelector('input.number');
const focusOn = (question) => question.querySelector('legend').focus();
const idOf = (question) => question.id.slice(2);
const versionOf = (question) => question.querySelector('[name^="version."]');
const noteOf = (question) => question.querySelector('textarea');
const isWord = (box) => /\D/.test(box.value);
const label = (box) => box.parentElement.lastElementChild.textContent;
// Options are sent as the questionnaire has them, in whatever language they are shown.
const option = (box) => box.dataset.text ?? label(box);

function answerOf(question) {
  const chosen = choices(question).filter((box) => box.checked);
  const word = chosen.find(isWord)?.value;
  if (word) return word === 'none' ? [] : word;
  if (numberOf(question)) return numberIn(numberOf(question).value);
  if (!chosen.length) return null;
  return chosen[0].type === 'radio' ? Number(chosen[0].value) : chosen.map(option);
}

// As people type it: a comma or a point, spaces between thousands, Arabic digits. What is no number, the server refuses in words.
function numberIn(text) {
  const plain = text.replace(/\s/g, '').replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt() & 15).replace(/[,٫]/, '.');
  return plain === '' ? null : /^[-+]?\d+\.?\d*$/.test(plain) ? Number(plain) : text;
}

function lay(question, { answer, note }) {
  for (const box of choices(question)) {
    box.checked = Array.isArray(answer) ? (answer.length ? !isWord(box) && answer.includes(option(box)) : box.value === 'none') : box.value === String(answer);
  }
  const number = numberOf(question);
  if (number) number.value = answer === null || choices(question).some((box) => box.checked) ? '' : answer;
  const text = noteOf(question);
  if (note !== undefined && text !== document.activeElement) {
    text.value = note;
    if (note && text.closest('details')) text.closest('details').open = true;
  }
  offerClearing(question);
}

// On a visit, the firm's own answer stands beside each question: it can be taken over, and to differ needs a reason.
const saidAt = (question) => question.querySelector('[data-said]')?.dataset.said;

function offerClearing(question) {
  const answer = answerOf(question), said = saidAt(question);
  question.querySelector('.clear button').hidden = answer === null;
  if (said) question.querySelector('.why').hidden = answer === null || JSON.stringify(answer) === said || /\S/.test(noteOf(question).value);
}

let written;
function save(question, isNote) {
  const change = { section, answer: answerOf(question) };
  if (isNote) change.note = noteOf(question).value;
  written = put(key, { question: idOf(question), version: versionOf(question).value }, change).then(flush);
}

// One types in one place at a time: leaving it saves.
let timer, typed;
function saveNote() {
  clearTimeout(timer);
  if (typed) save(typed, true);
  typed = null;
}

// Tick boxes: the words below the list and the list itself exclude each other.
function exclude(question, field) {
  const number = numberOf(question);
  if (field.type === 'checkbox' && field.checked) {
    for (const box of choices(question)) if (box !== field && (isWord(field) || isWord(box))) box.checked = false;
    if (number) number.value = '';
  } else if (field === number && field.value) {
    for (const box of choices(question)) box.checked = false;
  }
}

// What was not taken is shown at its question until a person has settled it.
function showMatter(question, record) {
  const { matter } = record;
  const shown = question.querySelector('.matter');
  if (shown?.dataset.of === matter?.id) return;
  shown?.remove();
  if (!matter) return;
  // A page made after two answers have met shows both by itself.
  if (!matter.problem && matter.version <= versionOf(question).value) return settle(record);
  const { answer, note, mine, problem } = matter;
  const button = (textContent, change) => make('button', { textContent, type: 'button', className: 'button second', onclick: async () => {
    lay(question, change ?? matter);
    versionOf(question).value = matter.version;
    await settle(record, change && { ...change, settles: true });
    flush();
    focusOn(question);
  } });
  const say = (each) => {
    const text = [each.answer ?? words.none].flat().join(', ') || 'none';
    const box = choices(question).find((choice) => isWord(choice) && choice.value === text);
    return (box ? label(box) : text) + (each.note && note !== (mine.note ?? note) ? ` (${each.note})` : '');
  };
  const values = { by: matter.by ?? words.someone, time: clock(new Date(matter.at ?? 0)), theirs: say(matter), mine: say(mine), why: problem?.detail };
  const textContent = (problem ? words.refused : words.conflict).replace(/\{(\w+)\}/g, (_, name) => `\u2068${values[name]}\u2069`);
  const buttons = problem ? [button(words.remove)] : [button(words.keepTheirs, { ...mine, answer, note }), button(words.keepMine, mine)];
  const box = make('div', { className: 'panel warning matter' });
  box.dataset.of = matter.id;
  box.append(make('p', { textContent }), ...buttons);
  question.querySelector('legend').after(box);
}

const questionOf = (record) => questions.find((question) => idOf(question) === record.question);
async function refresh(isLaid) {
  for (const record of await records(key)) {
    const question = questionOf(record);
    if (!question) continue;
    const { saved, sent, waiting, matter } = record;
    const newer = saved?.version > versionOf(question).value && saved;
    const shown = { ...newer, ...matter?.mine, ...sent, ...waiting };
    if (isLaid && 'answer' in shown && typed !== question) lay(question, shown);
    if (newer) versionOf(question).value = saved.version;
    showMatter(question, record);
  }
  report(line, key);
}

for (const question of questions) {
  question.addEventListener('change', ({ target }) => {
    if (target === noteOf(question)) return;
    exclude(question, target);
    offerClearing(question);
    save(question);
  });
  question.addEventListener('input', ({ target }) => {
    offerClearing(question); // Early: on leaving a field it would move the buttons under a finger.
    if (target !== noteOf(question)) return;
    clearTimeout(timer);
    typed = question;
    timer = setTimeout(saveNote, 1200);
  });
  question.addEventListener('focusout', saveNote);
  question.addEventListener('keydown', (event) => {
    if (event.target.type !== 'radio' || event.ctrlKey || event.altKey || event.metaKey || !/^\d$/.test(event.key)) return;
    const level = choices(question).find((box) => box.value === event.key);
    if (!level?.checked) level?.click();
    level?.focus();
  });
  for (const button of question.querySelectorAll('[name=clear], [name=same]')) button.addEventListener('click', (event) => {
    event.preventDefault();
    lay(question, { answer: button.name === 'same' ? JSON.parse(saidAt(question)) : null });
    save(question);
    focusOn(question);
  });
}
document.addEventListener('visibilitychange', saveNote);
addEventListener('pagehide', saveNote);
onChange(refresh);

// One question in view on small screens.
const small = matchMedia('(max-width: 40em)');
const [back, main] = form.querySelectorAll('.bar button');
const place = form.querySelector('.place');
const text = main.textContent;
let at = 0;

function show(index, focus) {
  at = index;
  questions.forEach((question, i) => { question.hidden = i !== at; });
  place.textContent = words.place.replace('{n}', at + 1).replace('{count}', questions.length);
  main.textContent = at === questions.length - 1 ? text : words.next;
  back.hidden = at === 0;
  if (focus) {
    scrollTo(0, 0);
    focusOn(questions[at]);
  }
}
const steps = () => small.matches && questions.length > 0;
function arrange() {
  form.classList.toggle('steps', steps());
  place.hidden = back.hidden = !steps();
  if (!steps()) {
    questions.forEach((question) => { question.hidden = false; });
    main.textContent = text;
    return;
  }
  const hash = decodeURIComponent(location.hash);
  const wanted = [(question) => question.querySelector('.problem'), (question) => `#${question.id}` === hash, (question) => answerOf(question) === null, () => true];
  show(wanted.map((test) => questions.findIndex(test)).find((index) => index >= 0));
}

// The last button goes on: by the form once all has arrived, else to the next page that this device has kept.
async function goOn() {
  await written;
  await Promise.race([flush(), new Promise((done) => { setTimeout(done, 4000); })]);
  const found = await records(key);
  const open = found.find((record) => record.matter && questionOf(record));
  if (open) {
    if (steps()) show(questions.indexOf(questionOf(open)));
    focusOn(questionOf(open));
  } else if (found.some(isUnsent)) {
    if (!line.querySelector('a')) location.assign(words.following);
  } else if (await fetch('/healthz', { signal: AbortSignal.timeout?.(4000) }).catch(() => null)) {
    // Each answer is saved: the form only asks where to go, and sends nothing over what others may have answered since.
    const ask = (isAsking) => questions.forEach((question) => { question.disabled = isAsking; });
    Object.assign(form.elements.seen, { disabled: false, value: questions.map(idOf).join(' ') });
    ask(true);
    form.submit();
    ask(false);
  } else location.assign(words.following);
}
back.addEventListener('click', () => show(at - 1, true));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  saveNote();
  if (steps() && at < questions.length - 1) show(at + 1, true);
  else goOn();
});
addEventListener('hashchange', arrange);
small.addEventListener('change', arrange);
await refresh(true);
arrange();
flush();
