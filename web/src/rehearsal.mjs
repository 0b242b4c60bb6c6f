// A rehearsal on the page: the stripe that marks it, and what its facilitator did meanwhile.
import { readNews, Trouble } from './server.mjs';

const EVERY = 3_000;
const AFTER_A_FAILURE = 30_000;
const byId = (id) => document.getElementById(id);
const stripe = byId('rehearsal');
const title = document.title;

// `isBusy` tells that a message is under way, `onNews` fetches and draws the news; false when that failed.
export function rehearsal({ isBusy, onNews }) {
  let reference = null;
  let timer;

  async function look() {
    let pause = EVERY;
    try {
      const waiting = isBusy() ? 0 : await readNews();
      if (waiting && reference && !isBusy() && !(await onNews())) pause = AFTER_A_FAILURE;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error; // what the person sends meets the same trouble, and tells it
      pause = AFTER_A_FAILURE;
    }
    if (reference) timer = setTimeout(look, pause);
  }

  return {
    // The latest message decides: the advice about a real risk, or what follows a rehearsal, is none.
    mark(messages) {
      const last = messages.filter((message) => message.from === 'guide').at(-1);
      if (!last || (last.rehearsal ?? null) === reference) return;
      reference = last.rehearsal ?? null;
      stripe.hidden = !reference;
      byId('rehearsal-reference').textContent = reference ?? '';
      document.title = reference ? `REHEARSAL – ${title}` : title;
      clearTimeout(timer);
      if (reference) timer = setTimeout(look, EVERY);
    },
  };
}
