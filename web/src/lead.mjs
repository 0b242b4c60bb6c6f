// Keeps a facilitator's page up to date: its table is drawn by the server, and fetched every two seconds.
const EVERY = 2_000;
const PATIENCE = 10_000;
const byId = (id) => document.getElementById(id);
const [live, said, stale] = ['live', 'said', 'stale'].map(byId);
const ended = byId('table').dataset.ended;
let shown = '';
let summary = byId('table').dataset.summary;

async function fetchTable() {
  const response = await fetch(live.dataset.source, {
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!response.ok) throw new Error(`The table was refused with ${response.status}.`);
  return response.text();
}

function show(text) {
  if (text === shown) return;
  const focused = live.contains(document.activeElement) ? document.activeElement.id : '';
  live.innerHTML = text; // of our own server, which escapes whatever people wrote
  shown = text;
  if (focused) byId(focused)?.focus({ preventScroll: true });
  const { dataset } = byId('table');
  if (dataset.ended !== ended) window.location.reload(); // what can be done now is another page
  if (dataset.summary !== summary) said.textContent = dataset.summary; // read out, the table is not
  summary = dataset.summary;
}

async function refresh() {
  try {
    show(await fetchTable());
    stale.hidden = true;
  } catch {
    stale.hidden = false; // told on the page; the next try comes by itself
  }
  setTimeout(refresh, EVERY);
}

setTimeout(refresh, EVERY);
