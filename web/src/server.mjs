// The five requests that the page makes. Every failure becomes words and a verdict: worth another try or not.
const BASE = 'webhooks/web/';
const PATIENCE = 90_000;

export class Trouble extends Error {
  constructor(words, { again, status = 0 }) {
    super(words);
    this.again = again;
    this.status = status;
  }
}

const OFFLINE = 'Your message may not have arrived: the connection to Escalation Guide was lost. Nothing you said before is lost.';

async function ask(path, body) {
  let response;
  try {
    response = await fetch(BASE + path, {
      method: body === undefined ? 'GET' : 'POST',
      credentials: 'same-origin',
      cache: 'no-store',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Trouble(OFFLINE, { again: true });
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  const again = response.ok || response.status >= 500 || response.status === 429;
  throw new Trouble(answer?.error ?? OFFLINE, { again, status: response.status });
}

export const openSession = () => ask('session', {});
export const readHistory = async () => (await ask('history')).messages;
export const readNews = async () => (await ask('news')).news;
export const deliver = (message) => ask('message', message);

// crypto.randomUUID is missing on plain http:// addresses other than this machine's own.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
