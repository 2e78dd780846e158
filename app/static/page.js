// Times in the reader's own zone, and buttons that copy a link. Without this, times are in UTC and links are copied by hand.
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', numberingSystem: 'latn' };
for (const time of document.querySelectorAll('time.moment')) {
  const at = new Date(time.dateTime);
  const day = at.toDateString() === new Date().toDateString() ? {} : { day: 'numeric', month: 'short', year: 'numeric' };
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { ...clock, ...day }).format(at);
}
for (const button of document.querySelectorAll('[data-copies]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
    button.nextElementSibling.textContent = button.dataset.copied;
  });
}
