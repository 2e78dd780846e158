// This device: the answers it holds until the server says what became of each, the pages it keeps for working offline,
// and how it forgets both. Answers are written here before they are sent, and no failure drops one.
const { lang, dataset: { person } } = document.documentElement;
const who = person ?? '';
export const make = (name, more) => Object.assign(document.createElement(name), more);
export const find = (selector) => document.querySelector(selector);
export let store = {};
try { store = localStorage; } catch {}
const memory = new Map();
const channel = new BroadcastChannel('answers');
const listeners = [];
let failures = 0, trouble = {}, savedAt, seen, timer, next, turns = Promise.resolve();
let isKept = true;

export const offer = (selector, more) => Object.assign(find(selector) ?? {}, { hidden: false, ...more });
function doWithout() {
  isKept = false;
  offer('#alone');
}
const opening = new Promise((done, fail) => {
  const request = indexedDB.open('fourward', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('answers', { keyPath: 'place' });
  request.onsuccess = () => done(request.result);
  request.onerror = fail;
}).catch(doWithout);

// Every change is one transaction over all tabs. Where the browser stores nothing (a private window), memory has to do.
export async function edit(task) {
  const database = await opening;
  if (isKept) try {
    const transaction = database.transaction('answers', 'readwrite', { durability: 'strict' });
    const store = transaction.objectStore('answers');
    return await new Promise((done, fail) => {
      let result;
      store.getAll().onsuccess = ({ target }) => { result = task(target.result, (record) => store.put(record), (record) => store.delete(record.place)); };
      transaction.oncomplete = () => done(result);
      transaction.onabort = fail;
    });
  } catch {
    doWithout();
  }
  return task([...memory.values()], (record) => memory.set(record.place, record), (record) => memory.delete(record.place));
}

const isMine = (record) => !record.who || record.who === who;
export const isUnsent = (record) => record.sent || record.waiting;
export const records = (key) => edit((found) => found.filter((record) => record.key === key && isMine(record)));

export const onChange = (listener) => listeners.push(listener);
const changed = (elsewhere) => listeners.forEach((listener) => listener(elsewhere));
channel.onmessage = () => changed(true);
function announce() {
  changed();
  channel.postMessage(0);
}

// The address of an empty blob ends in a fresh UUID, also where `crypto.randomUUID` is missing (no https).
const newId = () => URL.createObjectURL(new Blob()).slice(-36);

// One answer to a question is under way at most, and one waits behind it; a later change replaces the one that waits.
export async function put(key, { question, version }, change) {
  await edit((found, write) => {
    const place = `${key} ${who} ${question}`;
    const record = found.find((each) => each.place === place) ?? { place, key, who, question };
    const { saved, sent, waiting, matter } = record;
    const base = waiting ? waiting.base : sent ? null : Math.max(version, saved?.version ?? 0, matter?.version ?? 0);
    write({ ...record, waiting: { ...matter?.mine, ...waiting, ...change, ...matter && { settles: true }, id: newId(), base }, matter: null });
  });
  announce();
}

// A person has seen what was not taken, and sends a change over it or leaves it.
export async function settle({ place }, change) {
  await edit((found, write) => {
    const { matter, ...record } = found.find((each) => each.place === place) ?? {};
    if (!matter) return;
    if (change) record.waiting = { ...change, id: newId(), base: matter.version };
    else record.saved = matter;
    write(record);
  });
  announce();
}

// Browsers let a request outlive its page up to 64 KiB.
const take = (key, most) => edit((found, write) => {
  const operations = [];
  let bytes = 0;
  for (const record of found) {
    if (record.key !== key || !isMine(record) || !isUnsent(record)) continue;
    const operation = { question: record.question, ...record.sent ?? record.waiting };
    bytes += 3 * JSON.stringify(operation).length;
    if (operations.length === most || (operations.length && bytes > 60000)) break;
    operations.push(operation);
    if (!record.sent) write({ ...record, sent: record.waiting, waiting: null });
  }
  return operations;
});

const acknowledge = (results) => edit((found, write) => {
  let count = 0;
  for (const result of results) {
    const record = found.find((each) => each.sent?.id === result.id);
    if (!record) continue;
    const { sent, waiting } = record;
    count += 1;
    record.sent = null;
    if (result.status === 'conflict' || (result.status === 'refused' && !waiting)) {
      record.matter = { ...result, mine: { ...sent, ...waiting } };
      record.waiting = null;
    } else {
      record.saved = result;
      if (waiting) waiting.base ??= result.version;
    }
    write(record);
  }
  return count;
});

async function send(key) {
  for (let most = 50, operations; (operations = await take(key, most)).length;) {
    const reply = await fetch(`/api/v1/assessments/${key}/answers:batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ operations }),
      keepalive: true,
      signal: AbortSignal.timeout?.(Math.min(60, 8 * 2 ** failures) * 1000),
    });
    const { status, headers } = reply;
    if (status > 499 || status === 429) throw Number(headers.get('retry-after'));
    const said = await reply.json();
    if (reply.ok) {
      if (!await acknowledge([...said.results])) throw 0; // Not our service: a network that asks to sign in answers for it.
      failures = 0;
      savedAt = new Date();
    } else if ([401, 403, 404].includes(status)) {
      trouble[key] = /^\d{1,9}$/.test(key) || status === 401 || said.detail;
      return;
    } else if (operations.length > 1) {
      most = 1; // The one that cannot be taken must not hold up the others.
    } else {
      await acknowledge([{ ...operations[0], status: 'refused', version: operations[0].base, problem: said }]);
    }
    announce();
  }
}

const isStillMe = () => (store.person ?? who) === who; // Another may have signed in meanwhile, in another tab.
async function sendAll() {
  clearTimeout(timer);
  trouble = {};
  try {
    const waiting = await edit((found) => found.filter((record) => isUnsent(record) && isMine(record)));
    if (isStillMe()) for (const key of new Set(waiting.map((record) => record.key))) await send(key);
  } catch (wait) {
    failures += 1;
    const seconds = wait > 0 ? wait : Math.min(60, 2 ** failures) * (0.5 + Math.random() / 2);
    timer = setTimeout(flush, seconds * 1000);
  }
  changed();
}

// Several tabs take turns; where they cannot, the ids make a repetition harmless.
const turn = () => navigator.locks ? navigator.locks.request('answers', sendAll) : sendAll();
export const flush = () => next ??= turns = turns.then(() => { next = null; return turn(); });
addEventListener('online', () => { failures = 0; flush(); });
addEventListener('pageshow', flush);
document.addEventListener('visibilitychange', flush);

export const clock = (time, more) => new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', numberingSystem: 'latn', ...more }).format(time);

// The one line that says where the answers are: nothing, saving, saved, kept; or what to do. Its text changes with its state only.
export async function report(line, key) {
  const { dataset: words, textContent: before } = line;
  const found = await edit((all) => all.filter((record) => record.key === key));
  const open = found.find((record) => record.matter && isMine(record));
  const isLeft = found.some(isUnsent);
  const isHeld = isLeft && !(isStillMe() && found.some((record) => isUnsent(record) && isMine(record)));
  const why = isHeld || trouble[key];
  seen ||= isLeft;
  const [text, href] = why ? (why === true ? [words.signIn, `/sign-in?next=${location.pathname}`] : [why])
    : isLeft ? [failures || !navigator.onLine ? words.kept : words.saving]
      : open ? [words.decide, `/a/${key}/sections/${open.matter.mine.section}#q-${open.question}`]
        : [seen ? words.saved.replace('{time}', clock(savedAt ??= new Date())) : ''];
  if (text === before) return;
  line.replaceChildren(href ? make('a', { href, textContent: text }) : text);
  line.classList.toggle('failed', Boolean(why || (open && !isLeft)));
}

export const [, area, key, sub] = location.pathname.split('/');
export const tell = async (message) => (await navigator.serviceWorker.ready).active.postMessage(message);

// Pages that were kept for another person or in another language go at once.
export async function dropPages(isOver) {
  if (self.caches) await Promise.all((await caches.keys()).filter(isOver).map((name) => caches.delete(name)));
}
if (person !== undefined) {
  store.person = person;
  dropPages((name) => name.startsWith('pages') && !name.endsWith(` ${lang} ${person || '-'}`));
}

function keepPages() {
  const links = [...document.querySelectorAll('.tasks a[href*="/sections/"]')];
  if (links.length) store[key] = links.map((link) => link.pathname).join();
  tell({ keep: ['/offline', `/a/${key}`, ...(store[key] ?? location.pathname).split(',')] });
}
if (area === 'a' && navigator.serviceWorker && (!sub || find('#questions'))) {
  store.last = `/a/${key}`;
  navigator.serviceWorker.register('/sw.js').then(keepPages);
  if (navigator.serviceWorker.controller) navigator.serviceWorker.addEventListener('controllerchange', keepPages);
}

// Times in the reader's own zone. Without this, they are in UTC.
for (const time of document.querySelectorAll('time.moment')) {
  const at = new Date(time.dateTime);
  const isToday = at.toDateString() === new Date().toDateString();
  time.textContent = clock(at, isToday ? {} : { day: 'numeric', month: 'short', year: 'numeric' });
}
