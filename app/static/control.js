// Control: buttons and their keys; a press shows the page as it is then, also when the workshop has moved on meanwhile.
const { counts, find, follow, part, setClock, swap, tick } = await import('./follow.js' + new URL(import.meta.url).search);

setClock();
const show = async (reply) => {
  const seq = await swap(reply);
  setClock();
  tick();
  return seq;
};
const typing = 'input:not([type=radio], [type=checkbox]), select, textarea';
const isTyping = () => document.activeElement?.matches(typing) && part().contains(document.activeElement);
follow(find('[data-live]').dataset.live, {
  seq: Number(part().dataset.seq),
  look: async () => {
    while (isTyping()) await new Promise((done) => { setTimeout(done, 500); });
    const reply = await fetch(location.href);
    if (!reply.ok) throw reply;
    return show(reply);
  },
  count: counts,
  lost: (isLost) => { find('#lost').hidden = !isLost; },
});
setInterval(tick, 500);
tick();

// The same press twice is sent once. The stream may show what a press did before its reply is there: the next one counts.
let sending;
addEventListener('submit', async (event) => {
  const form = event.target, { submitter } = event;
  if (form.method !== 'post' || !form.matches('[data-swap]')) return;
  event.preventDefault();
  const { seq } = part().dataset;
  if (sending === seq) return;
  sending = seq;
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const reply = await fetch(form.action, { method: 'POST', body });
    if (reply.ok || reply.status === 409) await show(reply);
    else location.reload();
  } catch { find('#lost').hidden = false; } finally { if (sending === seq) sending = undefined; }
});

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest?.(`${typing}, dialog`)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === '?') { find('#keys').open = !find('#keys').open; find('#keys').scrollIntoView({ block: 'nearest' }); return; }
  const name = { ' ': 'Space' }[key] ?? key;
  if (name === 'Space' && event.target.closest?.('button, a, summary')) return;
  const button = find(`[data-key="${CSS.escape(name)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
// Space shows the result, also after a press with the mouse or a finger; who goes by Tab presses what is in focus.
addEventListener('click', ({ detail, target }) => { if (detail) target.closest?.('button')?.blur(); });
// From here on keys are heard.
document.documentElement.dataset.follows = '';
