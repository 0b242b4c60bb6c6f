// "Hide this page": clear what is on screen at once, then go, leaving no step back to it.
const PRESSES = 3;
const WITHIN = 2000;

export function leave(link) {
  function go() {
    document.body.replaceChildren();
    document.title = 'Weather';
    window.location.replace(link.href);
  }
  link.addEventListener('click', (event) => {
    event.preventDefault();
    go();
  });
  let presses = [];
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.repeat) {
      presses = [];
      return;
    }
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < WITHIN), now];
    if (presses.length >= PRESSES) go();
  });
}
