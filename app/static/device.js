// This device: the pages it keeps for working offline, and for whom; it forgets nothing unsent without asking.
const { lang, dataset: { person } } = document.documentElement;
const [, area, key, sub] = location.pathname.split('/');
const outbox = import('./outbox.js' + new URL(import.meta.url).search);
const find = (selector) => document.querySelector(selector);
const tell = async (message) => (await navigator.serviceWorker.ready).active.postMessage(message);
let store = {};
try { store = localStorage; } catch {}

// Pages that were kept for another person or in another language go at once.
async function dropPages(isOver) {
  if (self.caches) await Promise.all((await caches.keys()).filter(isOver).map((name) => caches.delete(name)));
}
if (person !== undefined) {
  store.person = person;
  dropPages((name) => name.startsWith('pages') && !name.endsWith(` ${lang} ${person || '-'}`));
}

function keepPages() {
  const links = [...document.querySelectorAll('.tasks a[href*="/sections/"]')];
  if (links.length) store[key] = links.map((link) => link.pathname);
  tell({ keep: [...new Set(['/offline', `/a/${key}`, location.pathname, ...store[key]?.split(',') ?? []])] });
}
if (area === 'a' && navigator.serviceWorker && (!sub || find('#questions'))) {
  store.last = `/a/${key}`;
  navigator.serviceWorker.register('/sw.js').then(keepPages);
  if (navigator.serviceWorker.controller) navigator.serviceWorker.addEventListener('controllerchange', keepPages);
} else if (area === 'a' && sub === 'results') {
  outbox.then(({ forget }) => forget(key));
  navigator.serviceWorker?.getRegistration().then((found) => found && tell({ forget: key }));
}

async function leave(dialog, isAsked, go) {
  const { clear, count, flush, onChange } = await outbox;
  const look = async () => {
    const left = await count();
    dialog.querySelector('strong').textContent = left;
    dialog.querySelector('.left').hidden = !left;
    return left;
  };
  const finish = async () => {
    await clear();
    if (self.caches) await tell({ keep: [] });
    await dropPages(() => true);
    store.clear?.();
    go();
  };
  await Promise.race([flush(), new Promise((done) => { setTimeout(done, 4000); })]);
  if (!await look() && !isAsked) return finish();
  let isWaiting;
  dialog.onclick = ({ target: { value } }) => {
    if (value === 'go') finish();
    if (value === 'stay') dialog.close();
    isWaiting = value === 'send';
    dialog.querySelector('[role=status]').hidden = !isWaiting;
    if (isWaiting) flush();
  };
  onChange(async () => { if (dialog.open && !await look() && isWaiting) finish(); });
  dialog.showModal();
}
for (const form of document.querySelectorAll('[data-sign-out]')) form.addEventListener('submit', (event) => {
  event.preventDefault();
  leave(find('#leave'), false, () => form.submit());
});
const clearing = find('#clear');
if (clearing) {
  clearing.hidden = false;
  clearing.onclick = () => leave(find('#forget'), true, () => location.assign('/'));
}

const line = !find('#questions') && find('#save');
if (line) outbox.then(({ flush, onChange, report }) => {
  onChange(() => report(line, key));
  flush();
});
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  const button = find('#install');
  if (button) Object.assign(button, { hidden: false, onclick: () => event.prompt() });
});
const last = find('#last');
if (last && store.last) Object.assign(last, { hidden: false, href: store.last });
