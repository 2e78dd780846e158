// Answers on their way: written on this device first, sent until the server says what became of each, dropped by no failure.
const { lang, dataset: { person: who = '' } } = document.documentElement;
const memory = new Map();
const channel = new BroadcastChannel('answers');
const listeners = [];
let failures = 0, pause = 0, trouble, savedAt, seen, timer, next, last = Promise.resolve();
let isKept = true;

const opening = new Promise((done, fail) => {
  const request = indexedDB.open('fourward', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('answers', { keyPath: 'place' });
  request.onsuccess = () => done(request.result);
  request.onerror = fail;
}).catch(() => { isKept = false; });

// Every change is one transaction over all tabs. Where the browser stores nothing (a private window), memory has to do.
async function edit(task) {
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
    isKept = false;
  }
  return task([...memory.values()], (record) => memory.set(record.place, record), (record) => memory.delete(record.place));
}

export const isAlone = () => !isKept;
const isMine = (record) => !record.who || record.who === who;
export const isUnsent = (record) => record.sent || record.waiting;
export const records = (key) => edit((found) => found.filter((record) => record.key === key && isMine(record)));
export const count = () => edit((found) => found.filter((record) => isUnsent(record) || record.matter).length);
export const clear = () => edit((found, write, drop) => found.forEach(drop));
// What only repeats the server goes once an assessment takes no more answers.
export const forget = (key) => edit((found, write, drop) => found.forEach((record) => record.key !== key || isUnsent(record) || record.matter || drop(record)));

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
export async function put({ key, question, version, ...change }) {
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
    const change = record.key === key && isMine(record) && isUnsent(record);
    if (!change) continue;
    const operation = { question: record.question, ...record.sent ?? record.waiting };
    bytes += new Blob([JSON.stringify(operation)]).size;
    if (operations.length === most || (operations.length && bytes > 60000)) break;
    operations.push(operation);
    if (!record.sent) write({ ...record, sent: record.waiting, waiting: null });
  }
  return operations;
});

const acknowledge = (results) => edit((found, write) => {
  for (const result of results) {
    const record = found.find((each) => each.sent?.id === result.id);
    const { sent, waiting } = record;
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
      await acknowledge(said.results);
      failures = 0;
      savedAt = new Date();
    } else if ([401, 403, 404].includes(status)) {
      trouble = /^\d{1,9}$/.test(key) || status === 401 || said.detail;
      return;
    } else if (operations.length > 1) {
      most = 1; // The one that cannot be taken must not hold up the others.
    } else {
      await acknowledge([{ ...operations[0], status: 'refused', version: operations[0].base, problem: said }]);
    }
    announce();
  }
}

async function sendAll() {
  if (Date.now() < pause) return;
  clearTimeout(timer);
  try {
    const waiting = await edit((found) => found.filter(isUnsent));
    let person = who;
    try { person = localStorage.person ?? who; } catch {}
    trouble = waiting.length > 0 && (person !== who || !waiting.some(isMine));
    if (!trouble) for (const key of new Set(waiting.filter(isMine).map((record) => record.key))) await send(key);
  } catch (wait) {
    failures += 1;
    const seconds = wait > 0 ? wait : Math.min(60, 2 ** failures) * (0.5 + Math.random() / 2);
    if (wait > 0) pause = Date.now() + wait * 1000;
    timer = setTimeout(flush, seconds * 1000);
  }
  changed();
}

// Several tabs take turns; where they cannot, the ids make a repetition harmless.
const turn = () => navigator.locks ? navigator.locks.request('answers', sendAll) : sendAll();
export const flush = () => next ??= last = last.then(() => { next = null; return turn(); });
addEventListener('online', () => { failures = pause = 0; flush(); });
addEventListener('pageshow', flush);
document.addEventListener('visibilitychange', flush);

export const clock = (time) => new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', numberingSystem: 'latn' }).format(time);

// The one line that says where the answers are: nothing, saving, saved, kept; or what to do. Its text changes with its state only.
export async function report(line, key) {
  const { dataset: words, textContent: before } = line;
  const found = await records(key);
  const open = found.find((record) => record.matter);
  const isLeft = found.some(isUnsent);
  seen ||= isLeft;
  const [text, href] = trouble ? (trouble === true ? [words.signIn, `/sign-in?next=${location.pathname}`] : [trouble])
    : isLeft ? [failures || !navigator.onLine ? words.kept : words.saving]
      : open ? [words.decide, `/a/${key}/sections/${open.matter.mine.section}#q-${open.question}`]
        : [seen ? words.saved.replace('{time}', clock(savedAt ??= new Date())) : ''];
  if (text === before) return;
  line.replaceChildren(href ? Object.assign(document.createElement('a'), { href, textContent: text }) : text);
  line.classList.toggle('failed', Boolean(trouble || (open && !isLeft)));
}
