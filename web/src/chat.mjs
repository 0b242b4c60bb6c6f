// The conversation: what is on screen, what is on its way, and what to do when it does not arrive.
import { composer } from './composer.mjs';
import { guideMessage, troubleMessage, yourMessage } from './draw.mjs';
import { invite } from './invitation.mjs';
import { leave } from './leave.mjs';
import { rehearsal } from './rehearsal.mjs';
import { deliver, newId, openSession, readHistory, Trouble } from './server.mjs';

const byId = (id) => document.getElementById(id);
const log = byId('log');
const [head, guard, progress] = ['top', 'guard', 'status'].map(byId); // still ours once the page is hidden
let waiting = 0;
let topHeight = 0;
let unsent = null; // the typed message that did not arrive: {message, text, item, retry}

function add(item) {
  log.append(item);
  return item;
}

// A short reply is shown with the box below it; a long one from its beginning.
function bring(from) {
  const below = document.documentElement.scrollHeight - (from.getBoundingClientRect().top + window.scrollY);
  if (below + topHeight < window.innerHeight) window.scrollTo(0, document.documentElement.scrollHeight);
  else from.scrollIntoView({ block: 'start' });
}

function status(change) {
  waiting += change;
  progress.textContent = waiting ? 'Escalation Guide is replying…' : '';
}

function draw(messages) {
  for (const message of messages) add(message.from === 'you' ? yourMessage(message.text) : guideMessage(message, tap));
  practice.mark(messages);
}

function retireChoices() {
  const groups = [...log.querySelectorAll('.app-choices:not([hidden])')];
  for (const group of groups) group.hidden = true;
  return {
    forGood: () => groups.forEach((group) => group.remove()),
    notYet: () => groups.forEach((group) => { group.hidden = false; }),
  };
}

async function redraw() {
  const live = byId('live');
  live.setAttribute('aria-live', 'off');
  const messages = await readHistory();
  log.replaceChildren();
  draw(messages);
  live.setAttribute('aria-live', 'polite');
  return messages.length;
}

async function exchange(message, { text = '', mine = null } = {}) {
  const retired = retireChoices();
  const typed = 'text' in message;
  const offerAgain = (words) => {
    retired.notYet();
    const retry = () => {
      unsent = null;
      item.remove();
      if (typed) box.takeBack(text);
      mine?.focus({ preventScroll: true });
      return exchange(message, { text, mine });
    };
    const item = add(troubleMessage(words, retry));
    unsent = { text: typed ? text : null, item, retry };
  };
  status(+1);
  if (mine) bring(mine);
  try {
    const reply = await deliver(message);
    if (reply.duplicate && !reply.messages.length) await redraw();
    else draw(reply.messages);
    if (reply.failed) offerAgain('');
    else retired.forGood();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    if (typed) box.putBack(text);
    if (error.again) {
      offerAgain(error.message);
    } else {
      retired.notYet();
      mine?.remove();
      box.problem(error.message);
    }
  } finally {
    status(-1);
  }
  if (mine?.isConnected) bring(mine);
  else window.scrollTo(0, document.documentElement.scrollHeight);
}

function say(text) {
  if (unsent?.text === text) return unsent.retry(); // the same words again are the same message
  unsent?.item.remove();
  unsent = null;
  return exchange({ id: newId(), text }, { text, mine: add(yourMessage(text)) });
}

function tap(action, title) {
  unsent?.item.remove();
  unsent = null;
  const mine = add(yourMessage(title));
  mine.focus({ preventScroll: true }); // the button goes; Tab leads from here to the next choices
  return exchange({ id: newId(), ...action }, { text: title, mine });
}

// What a facilitator did while this page waited; a failure is not told, because nobody asked.
async function fetchNews() {
  const reply = await deliver({ id: newId(), news: true });
  if (reply.failed || !reply.messages.length) return !reply.failed;
  retireChoices().forGood();
  draw(reply.messages);
  if (document.activeElement === byId('message')) byId('message').scrollIntoView({ block: 'nearest' });
  else bring(log.children[log.children.length - reply.messages.length]);
  return true;
}

async function open() {
  try {
    await openSession();
    if (!(await redraw())) await exchange({ id: newId(), begin: true });
    const last = [...log.querySelectorAll('.app-message--you')].at(-1);
    if (last) bring(last);
    else window.scrollTo(0, 0);
    invite(byId('composer'), say);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    const item = add(troubleMessage(error.message, () => {
      item.remove();
      return open();
    }));
  }
  document.body.dataset.ready = '1';
}

// What is scrolled to must not hide behind the advice that always stays.
new ResizeObserver(() => {
  topHeight = head.offsetHeight || guard.offsetHeight;
  document.documentElement.style.setProperty('--top', `${topHeight}px`);
}).observe(guard);
leave(byId('leave'));
byId('plain').hidden = true;
byId('chat').hidden = false;
byId('risk').hidden = false;
const box = composer(say);
const practice = rehearsal({ isBusy: () => waiting > 0, onNews: fetchNews });
byId('risk').addEventListener('click', () => tap({ risk: true }, 'Someone is at risk now'));
byId('start-again').addEventListener('click', () => tap({ start_again: true }, 'Start again'));
await open();
