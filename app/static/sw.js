// Works offline: keeps the pages' files, and those pages that say they may be kept. Nothing else is touched.
// The server writes VERSION and FILES above this.
const STATIC = `static ${VERSION}`;
const PAGES = `pages ${VERSION} `;
// The check pages and the first page are never kept, but offline they lead to what is.
const OURS = /^\/(a\/[^/]+(\/sections\/[^/]+)?(\/check)?)?$/;
const match = (path) => caches.match(path, { ignoreVary: true });
const offline = async () => await match('/offline') ?? Response.error();
const later = (value) => new Promise((done) => { setTimeout(done, 4000, value); });

async function drop(isOver) {
  for (const name of await caches.keys()) if (isOver(name)) await caches.delete(name);
}
async function forget(key) {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) if (url.split('/')[4] === key) await cache.delete(url);
  }
}

// A page names its language and the person it is for; those of any other go.
async function note(path, reply) {
  const { ok, type, status, headers } = reply;
  const mark = headers.get('fourward-keep');
  if (ok && mark) {
    await drop((name) => name.startsWith(PAGES) && name !== PAGES + mark);
    const cache = await caches.open(PAGES + mark);
    if (!path.includes('?')) return cache.put(path, reply);
    const each = new Headers(headers);
    each.set('content-type', 'text/html');
    each.delete('content-encoding');
    for (const [address, text] of Object.entries(await reply.json())) await cache.put(address, new Response(text, { headers: each }));
  } else if (type === 'opaqueredirect' || (status > 400 && status < 411)) await forget(path.split('/')[2]);
}

// What is at most an hour old is not fetched again. Sections come eight at once: what their pages share travels once.
// A later call ends an earlier one.
let wanted;
async function keep(paths) {
  wanted = paths;
  const old = [], sections = [];
  for (const path of paths) {
    const found = await match(path);
    if (!(found && Date.now() - Date.parse(found.headers.get('date')) < 3600_000)) (path.split('/')[3] ? sections : old).push(path);
  }
  while (sections.length) {
    const some = sections.splice(0, 8).map((path) => path.split('/'));
    old.push(`/a/${some[0][2]}/pages?of=${some.map((path) => path[4])}`);
  }
  await Promise.allSettled(old.map(async (path) => {
    const reply = await fetch(path, { redirect: 'manual' });
    if (wanted === paths) await note(path, reply);
  }));
}

async function show(event, path) {
  const kept = await match(path);
  const fresh = fetch(event.request).then((reply) => {
    event.waitUntil(note(path, reply.clone()));
    return kept && reply.status > 499 ? kept : reply;
  });
  return kept ? Promise.race([fresh.catch(() => kept), later(kept)]) : fresh.catch(offline);
}

addEventListener('install', (event) => event.waitUntil(caches.open(STATIC).then((cache) => cache.addAll(FILES)).then(skipWaiting)));
addEventListener('activate', (event) => event.waitUntil(drop((name) => name !== STATIC && !name.startsWith(PAGES)).then(() => clients.claim())));
addEventListener('message', (event) => event.waitUntil(event.data.keep ? keep(event.data.keep) : forget(event.data.forget)));
addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || request.method !== 'GET') return;
  if (pathname.startsWith('/static/')) event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  else if (request.mode === 'navigate' && OURS.test(pathname)) event.respondWith(show(event, pathname));
});
