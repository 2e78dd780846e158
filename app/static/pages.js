// All pages but the sections: what an assessment with results leaves on this device, signing out, clearing the device, the
// home screen, links to copy, and a report that is being made.
const device = await import('./device.js' + new URL(import.meta.url).search);
const { area, dropPages, edit, find, flush, isUnsent, key, offer, onChange, report, store, sub, tell } = device;

const count = () => edit((found) => found.filter((record) => isUnsent(record) || record.matter).length);
const clear = () => edit((found, write, drop) => found.forEach(drop));
if (area === 'a' && sub === 'results') {
  // What only repeats the service goes: an assessment with results may take no more answers.
  edit((found, write, drop) => found.forEach((record) => record.key !== key || isUnsent(record) || record.matter || drop(record)));
  navigator.serviceWorker?.getRegistration().then((found) => found && tell({ forget: key }));
}

async function leave(dialog, isAsked, go) {
  const look = async () => {
    const left = await count();
    dialog.querySelector('strong').textContent = left;
    dialog.querySelector('.left').hidden = !left;
    return left;
  };
  let isGone;
  const finish = async () => {
    if (isGone) return;
    isGone = true;
    await clear();
    navigator.serviceWorker?.controller?.postMessage({ keep: [] });
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
offer('#clear', { onclick: () => leave(find('#forget'), true, () => location.assign('/')) });
if (store.last) offer('#last', { href: store.last });

const line = !find('#questions') && find('#save');
if (line) {
  onChange(() => report(line, key));
  flush();
}
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  offer('#install', { onclick: () => event.prompt() });
});

// Without this, links are copied by hand.
for (const button of document.querySelectorAll('[data-copies]')) {
  button.hidden = !navigator.clipboard;
  button.onclick = async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
    button.nextElementSibling.textContent = button.dataset.copied;
  };
}

// A report that is being made: the page is loaded anew once its step is another one.
const step = document.querySelector('.steps-of-report')?.previousElementSibling.textContent;
if (step) setInterval(async () => (await (await fetch('')).text()).includes(step) || location.reload(), 2000);
