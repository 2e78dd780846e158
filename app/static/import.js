// How far a file is that is being read or taken in: looked at every two seconds, until it is done.
const line = document.querySelector('#progress');
setInterval(async () => {
  try {
    const page = new DOMParser().parseFromString(await (await fetch('')).text(), 'text/html');
    const now = page.querySelector('#progress');
    if (!now) location.reload();
    else if (now.textContent !== line.textContent) line.textContent = now.textContent;
  } catch { /* without a connection the next look may do */ }
}, 2000);
