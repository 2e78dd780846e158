// The projector: shown anew whenever the workshop has a new number; F fills the screen.
const { counts, find, follow, part, setClock, swap, tick } = await import('./follow.js' + new URL(import.meta.url).search);

setClock();
const look = async () => {
  const reply = await fetch(location.href);
  if (!reply.ok) throw reply;
  const seq = await swap(reply);
  setClock();
  tick();
  return seq;
};
follow(document.body.dataset.live, {
  seq: Number(part().dataset.seq),
  look,
  count: counts,
  lost: (isLost) => { find('#lost').hidden = !isLost; },
});
setInterval(tick, 500);
tick();
addEventListener('keydown', ({ key, target }) => {
  if (key.toLowerCase() !== 'f' || target.closest('input, select, textarea')) return;
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
});
