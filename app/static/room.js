// A phone in a workshop: each answer is kept here first, then sent; the room's state comes by itself.
const room = document.querySelector('#room');
const line = document.querySelector('#line');
const form = document.querySelector('#votes');
const { live: key } = room.dataset;
const round = Number(room.dataset.round);
const place = `seat-${key.slice(0, 8)}`;
const wait = (from, to = from) => new Promise((done) => { setTimeout(done, from + Math.random() * (to - from)); });

// What is not sent yet, by round and subject; a phone without storage keeps it until the page goes.
let kept = {};
try { kept = JSON.parse(localStorage.getItem(place)) ?? {}; } catch { /* no storage, or not ours */ }
const keep = () => { try { localStorage.setItem(place, JSON.stringify(kept)); } catch { /* then only here */ } };
const say = (what) => { line.textContent = line.dataset[what] ?? ''; };

let sending;
async function send() {
  const waiting = Object.entries(kept);
  if (!waiting.length) return;
  const body = JSON.stringify(waiting.map(([, vote]) => vote));
  const reply = await fetch(`/r/${key}/votes`, { method: 'POST', body, headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout?.(8000) });
  if (!reply.ok && (reply.status === 429 || reply.status > 499)) throw reply;
  const { results = [] } = reply.ok ? await reply.json() : {};
  // What was changed meanwhile is sent again; what was refused is not.
  waiting.forEach(([id, vote]) => { if (kept[id] === vote) delete kept[id]; });
  keep();
  say(results.some(({ status }) => status === 'over') ? 'over' : 'saved');
  if (!reply.ok) location.reload();
}
async function flush() {
  if (sending) return;
  sending = true;
  for (let pause = 500; Object.keys(kept).length; pause = Math.min(pause * 2, 15000)) {
    try { await send(); } catch { say(navigator.onLine ? 'kept' : 'lost'); await Promise.race([wait(pause, pause * 2), woken()]); }
  }
  sending = false;
}
const woken = () => new Promise((done) => { addEventListener('online', done, { once: true }); });
addEventListener('online', flush);

const things = form ? [...form.querySelectorAll('fieldset.question')] : [];
const pick = (thing, name) => thing.querySelector(`input[name^="${name}."]:checked`)?.value ?? null;
function valueOf(thing) {
  const { kind } = form.dataset;
  if (kind === 'levels') {
    const level = pick(thing, 'a');
    return level === null || /\D/.test(level) ? level : Number(level);
  }
  if (kind === 'rating') {
    const [urgency, feasibility] = ['urgency', 'feasibility'].map((name) => pick(thing, name)).map((n) => n && Number(n));
    return urgency || feasibility ? { urgency, feasibility } : null;
  }
  const [best, worst] = [pick(thing, 'best'), pick(thing, 'worst')];
  if (pick(thing, 'skip')) return { best: null, worst: null };
  return best && worst && best !== worst ? { best, worst } : null;
}
const isWhole = (thing) => {
  const value = valueOf(thing);
  return value !== null && (form.dataset.kind !== 'rating' || Object.values(value).every(Boolean));
};
function lay(thing, value) {
  const named = typeof value === 'object' && value ? (value.best === null ? { skip: 1 } : value) : { a: value };
  for (const [name, of] of Object.entries(named)) {
    for (const box of thing.querySelectorAll(`input[name^="${name}."]`)) box.checked = box.value === String(of);
  }
}

// One in view. After a tap the next comes by itself.
let at = 0;
const go = document.querySelector('#go'), back = document.querySelector('#back');
function show(index, focus) {
  at = Math.max(0, Math.min(index, things.length - 1));
  things.forEach((thing, i) => { thing.hidden = i !== at; });
  form.querySelectorAll('.heading').forEach((heading) => { heading.hidden = heading.nextElementSibling !== things[at]; });
  const line = document.querySelector('#place');
  line.hidden = things.length < 2;
  line.textContent = form.dataset.place.replace('{n}', at + 1).replace('{count}', things.length);
  back.hidden = !at;
  go.textContent = at < things.length - 1 ? form.dataset.next : form.dataset.done;
  document.querySelector('#finished').hidden = !things.every(isWhole);
  if (focus) { things[at].querySelector('legend').focus({ preventScroll: true }); scrollTo(0, 0); }
}
function change({ target }) {
  const thing = target.closest('fieldset.question');
  const [name] = target.name.split('.');
  const others = { best: 'worst', worst: 'best' }[name];
  if (others) for (const box of thing.querySelectorAll(`input[name^="${others}."], input[name^="skip."]`)) if (box.name.startsWith('skip') || box.value === target.value) box.checked = false;
  if (name === 'skip' && target.checked) for (const box of thing.querySelectorAll('input[type=radio]')) box.checked = false;
  const value = valueOf(thing);
  if (value === null) return;
  const { subject } = thing.dataset;
  kept[`${round} ${subject}`] = { round, subject, value };
  keep();
  say('kept');
  flush();
  document.querySelector('#finished').hidden = !things.every(isWhole);
  if (isWhole(thing) && at < things.length - 1 && !target.matches(':focus-visible')) setTimeout(() => show(at + 1, true), 250);
}
if (things.length) {
  for (const thing of things) {
    const mine = kept[`${round} ${thing.dataset.subject}`];
    if (mine) lay(thing, mine.value);
  }
  form.addEventListener('change', change);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (at < things.length - 1) show(at + 1, true);
    else { const open = things.findIndex((thing) => !isWhole(thing)); if (open >= 0) show(open, true); flush(); }
  });
  back.addEventListener('click', () => show(at - 1, true));
  const open = things.findIndex((thing) => !isWhole(thing));
  show(open < 0 ? 0 : open);
}
flush();

// The room: a stream of numbers, the state by number; polling where streams do not come through.
let seen = -1;
async function look() {
  const reply = await fetch(`/live/seat/${key}?since=${seen}`, { signal: AbortSignal.timeout?.(8000) });
  if (reply.status === 404) return location.reload();
  if (reply.status !== 200) return;
  const state = await reply.json();
  if (state.seq < seen) return;
  ({ seq: seen } = state);
  const open = state.state === 'running' && state.round && state.round.state === 'open';
  if (open ? state.round.number !== round || room.dataset.open === '0' : room.dataset.open === '1' && state.round?.number !== round) {
    await Promise.race([flush(), wait(300, 1000)]);
    return location.reload();
  }
  const now = state.state === 'ended' ? 'ended' : !state.round ? 'lobby' : { open: 'open', closed: 'closed', settled: 'settled' }[state.round.state] ?? 'shown';
  for (const part of room.querySelectorAll('[data-when]')) part.hidden = part.dataset.when !== now;
}
const tryLook = () => look().catch(() => {});
let heard = 0;
function listen() {
  const stream = new EventSource(`/live/seat/${key}/stream`);
  stream.addEventListener('seq', ({ data }) => { heard = Date.now(); if (Number(data) > seen) tryLook(); });
  stream.onopen = () => { heard = Date.now(); };
  stream.onerror = async () => { if (stream.readyState === EventSource.CLOSED) { await wait(0, 3000); listen(); } };
  addEventListener('pagehide', () => stream.close(), { once: true });
  return stream;
}
let stream = listen();
setInterval(() => { if (stream.readyState !== EventSource.OPEN && Date.now() - heard > 10000) tryLook(); }, 5000);
document.addEventListener('visibilitychange', () => { if (!document.hidden) { flush(); tryLook(); } });
tryLook();
