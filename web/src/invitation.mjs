// A link to a rehearsal asks first: a link alone must not take somebody away from what they have begun.
import { element } from './draw.mjs';

const PROMISE = 'A rehearsal is practice on a made-up case. Nothing in it is recorded as a real escalation. '
  + 'What you have begun here is kept, and you can go on with it afterwards.';
const KINDS = {
  join: {
    fits: /^[a-z0-9][a-z0-9 -]{2,14}$/i,
    words: (code) => {
      const shown = code.toUpperCase();
      return { heading: `Join the rehearsal ${shown}?`, accept: `Join the rehearsal ${shown}`, says: `join ${shown}` };
    },
  },
  rehearse: {
    fits: /^[a-z0-9][a-z0-9_]{0,79}$/,
    words: (id) => ({ heading: 'Begin a rehearsal?', accept: 'Begin the rehearsal', says: `rehearse ${id}` }),
  },
};
const BROKEN = 'Ask for the link again. If your facilitator gave you a code, type “join” and the code, such as “join KRT-482”.';

function button(words, onClick) {
  const made = element('button', 'app-choice', words);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

// Shows the question above `before` where the address holds a link to a rehearsal; `say` sends the words.
export function invite(before, say) {
  const asked = new URLSearchParams(window.location.search);
  const kind = Object.keys(KINDS).find((name) => asked.has(name));
  if (!kind) return;
  const value = asked.get(kind).trim();
  const words = KINDS[kind].fits.test(value) ? KINDS[kind].words(value) : null;

  const heading = element('h2', '', words?.heading ?? 'This link to a rehearsal is not complete');
  heading.id = 'invitation-heading';
  heading.tabIndex = -1;
  const panel = element('section', 'app-invitation', heading, element('p', '', words ? PROMISE : BROKEN));
  panel.setAttribute('aria-labelledby', heading.id);
  const close = () => {
    panel.remove();
    window.history.replaceState(null, '', window.location.pathname); // a reload does not ask again
  };
  const decline = button(words ? 'Not now' : 'Close', () => {
    close();
    document.getElementById('message').focus();
  });
  const accept = words && button(words.accept, () => {
    close();
    return say(words.says);
  });
  panel.append(element('div', 'app-choices', ...[accept, decline].filter(Boolean)));
  before.before(panel);
  panel.scrollIntoView({ block: 'center' });
  heading.focus({ preventScroll: true });
}
