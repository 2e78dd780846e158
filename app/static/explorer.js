// A release: each choice shows its table at once, without loading the whole page. Without this a button does it.
await import('./device.js' + new URL(import.meta.url).search);
const form = document.querySelector('#explorer');
const status = document.querySelector('#loaded');
let running;

function address() {
  const pairs = [...new FormData(form)].filter(([, value]) => value);
  return form.action + '?' + new URLSearchParams(pairs);
}

async function show(url, isNew) {
  running?.abort();
  const mine = running = new AbortController();
  document.querySelector('#table').ariaBusy = 'true';
  try {
    const reply = await fetch(url, { signal: mine.signal, headers: { accept: 'text/html' } });
    if (reply.status >= 500) throw reply;
    const next = new DOMParser().parseFromString(await reply.text(), 'text/html');
    if (mine !== running) return;
    if (!next.querySelector('#table')) return location.assign(url);
    const held = document.activeElement?.id;
    const at = document.querySelector('.scroll')?.scrollLeft;
    const isOpen = document.querySelector('#only')?.open;
    form.replaceChildren(...next.querySelector('#explorer').childNodes);
    if (isOpen) document.querySelector('#only')?.setAttribute('open', '');
    document.querySelector('#table').replaceWith(next.querySelector('#table'));
    document.title = next.title;
    if (isNew) history.pushState('', '', reply.url);
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
    const box = document.querySelector('.scroll');
    if (box && at) box.scrollLeft = at;
    status.className = 'hidden';
    status.textContent = document.querySelector('#table').dataset.title;
  } catch (problem) {
    if (problem.name === 'AbortError') return;
    document.querySelector('#table').ariaBusy = 'false';
    status.className = 'notice';
    status.textContent = form.dataset.failed;
  }
}

if (form) {
  form.classList.add('live');
  form.addEventListener('change', () => show(address(), true));
  form.addEventListener('submit', (event) => { event.preventDefault(); show(address(), true); });
  addEventListener('popstate', () => show(location.href, false));
}
