// Following a workshop: a stream of numbers that says when to look again, and looking by oneself where none comes through.
const wait = (least, most) => new Promise((done) => { setTimeout(done, least + Math.random() * (most - least)); });

// `look` gets the page as it is now; `count` gets how many have voted of how many; `lost` whether nothing comes through.
export function follow(path, { seq, look, count, lost }) {
  let seen = seq, heard = Date.now(), tag = '', isOpen = false, failures = 0, isLooking, isStale;
  const alive = () => { heard = Date.now(); lost(false); };
  async function changed(number) {
    // A page that a press has brought already is not fetched again: its buttons would move under the next press.
    if (number <= Math.max(seen, part().dataset.seq)) return;
    if (isLooking) { isStale = true; return; }
    isLooking = true;
    try {
      do { isStale = false; seen = Math.max(seen, await look()); } while (isStale);
      alive();
    } catch {} finally { isLooking = false; }
  }
  async function poll() {
    try {
      const reply = await fetch(`${path}?since=${seen}`, { headers: tag ? { 'if-none-match': tag } : {}, signal: AbortSignal.timeout?.(8000) });
      if (reply.status === 404) return location.reload();
      if (reply.ok) {
        tag = reply.headers.get('etag');
        const state = await reply.json();
        count(state.voted, state.present);
        await changed(state.seq);
      }
      if (reply.ok || reply.status === 304) alive();
    } catch { lost(true); }
  }
  function listen() {
    const stream = new EventSource(`${path}/stream`);
    stream.onopen = () => { isOpen = true; failures = 0; alive(); };
    stream.addEventListener('seq', ({ data }) => { alive(); changed(Number(data)); });
    stream.addEventListener('count', ({ data }) => { alive(); count(...JSON.parse(data)); });
    stream.onerror = async () => {
      stream.close();
      isOpen = false;
      failures += 1;
      await wait(0, 3000 * Math.min(failures, 10));
      listen();
    };
  }
  listen();
  // A stream may be dead and look open, where a network has gone without a word.
  setInterval(() => {
    const silent = Date.now() - heard;
    if (silent > (isOpen ? 20000 : 10000)) {
      if (!isOpen) lost(true);
      poll();
    }
  }, 5000);
  addEventListener('online', poll);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) poll(); });
  return { poll };
}

export const find = (selector) => document.querySelector(selector);
export const part = () => find('[data-seq]');
export async function swap(reply) {
  const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
  const fresh = page.querySelector('[data-seq]');
  if (!fresh) return location.reload();
  // Replies may overtake each other: what is shown never goes back.
  if (Number(fresh.dataset.seq) < Number(part().dataset.seq)) return Number(part().dataset.seq);
  const inside = part().contains(document.activeElement) && document.activeElement.id;
  for (const { id } of part().querySelectorAll('details[id][open]')) fresh.querySelector(`#${id}`)?.setAttribute('open', '');
  part().replaceWith(fresh);
  if (inside) document.getElementById(inside)?.focus();
  return Number(fresh.dataset.seq);
}

export function counts(voted, present) {
  for (const [name, value] of Object.entries({ voted, present })) for (const each of document.querySelectorAll(`[data-count=${name}]`)) each.textContent = value;
}

// The time box by the server's clock: how far this device's clock is off is known from the page.
let off = 0;
export function setClock() { off = Date.parse(part().dataset.now) - Date.now(); }
export function tick() {
  const { ends } = part().dataset, box = find('.time');
  if (!ends || !box) return;
  const left = Math.ceil((Date.parse(ends) - Date.now() - off) / 1000);
  const text = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` : box.dataset.over;
  if (box.firstElementChild.textContent !== text) box.firstElementChild.textContent = text;
}
