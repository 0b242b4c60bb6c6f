// Draws messages. Text from the server reaches the page as text or as sanitised Markdown, never as markup.
import DOMPurify from 'dompurify';
import markdownit from 'markdown-it';

const markdown = markdownit({ html: false, linkify: false, breaks: true }).disable(['image', 'html_block', 'html_inline']);
const SAFE = {
  ALLOWED_TAGS: ['p', 'br', 'strong', 'em', 'ul', 'ol', 'li', 'a', 'blockquote', 'code', 'h3', 'h4'],
  ALLOWED_ATTR: ['href', 'start'],
  ALLOWED_URI_REGEXP: /^(?:https:|mailto:|tel:)/i,
  RETURN_DOM_FRAGMENT: true,
};
const TONES = new Set(['must', 'should', 'may', 'note', 'warning']);
const MOST_OPEN_NOTES = 3;
const MANY_CHOICES = 6;
const KINDS = { 'text/calendar': 'calendar', 'application/pdf': 'PDF', 'text/csv': 'CSV' };

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function words(text, tag = 'div', className = '') {
  const made = element(tag, `app-words ${className}`.trim(), DOMPurify.sanitize(markdown.render(String(text ?? '')), SAFE));
  for (const link of made.querySelectorAll('a[href^="https:"]')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    link.append(' (opens in new tab)');
  }
  return made;
}

// Many notes at once stand in the way of the answer: they fold away under their heading.
function section(heading, items, tone) {
  const folded = tone === 'note' && heading && items.length > MOST_OPEN_NOTES;
  const part = element(folded ? 'details' : 'div', `app-card__section${tone ? ` app-card__section--${tone}` : ''}`);
  const title = heading ? element('h4', '', folded ? `${heading} (${items.length} points)` : heading) : '';
  part.append(folded ? element('summary', '', title) : title);
  part.append(element('ul', '', ...items.map((item) => words(item, 'li'))));
  return part;
}

function card({ title, rows, sections, footer }) {
  const made = element('section', 'app-card');
  if (title) {
    made.append(element('h3', 'app-card__title', title));
    made.setAttribute('aria-label', title);
  }
  if (rows?.length) {
    const list = element('dl', 'app-card__rows');
    for (const { term, value } of rows) {
      list.append(element('div', 'app-card__row', element('dt', '', term), words(value, 'dd')));
    }
    made.append(list);
  }
  for (const { heading, items, tone } of sections ?? []) {
    made.append(section(heading, items ?? [], TONES.has(tone) ? tone : ''));
  }
  if (footer) made.append(words(footer, 'div', 'app-card__footer'));
  return made;
}

// Without `download`, so that the browser shows the page of a link that no longer works.
function files(list) {
  const links = list.filter(({ url }) => /^files\/[\w.-]+$/.test(url)).map(({ title, mime, url }) => {
    const link = element('a', '', `Download ${title} (${KINDS[mime] ?? 'Word'})`);
    link.href = `webhooks/web/${url}`;
    return element('li', '', link);
  });
  return element('ul', 'app-files', ...links);
}

// Text to carry elsewhere, letter for letter: no Markdown, and selected whole where copying is not allowed.
function paste(text) {
  const made = element('pre', 'app-paste__text', text);
  const said = element('span', 'app-paste__said'); // in the log, which is read out as it changes
  const button = element('button', 'app-choice', 'Copy this text');
  button.type = 'button';
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = 'Copied.';
    } catch {
      window.getSelection().selectAllChildren(made);
      said.textContent = 'The text is selected. Press Ctrl and C to copy it.';
    }
  });
  return element('div', 'app-paste', made, button, said);
}

function choices(buttons, onTap) {
  const group = element('div', `app-choices${buttons.length > MANY_CHOICES ? ' app-choices--many' : ''}`);
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', 'Choices');
  for (const { title, token } of buttons) {
    const button = element('button', 'app-choice', title);
    button.type = 'button';
    button.addEventListener('click', () => onTap({ choice: token }, title));
    group.append(button);
  }
  return group;
}

export function guideMessage(message, onTap) {
  const item = element('li', 'app-message app-message--guide', element('p', 'app-message__who', 'Escalation Guide'));
  if (message.rehearsal) {
    item.classList.add('app-message--rehearsal');
    item.append(element('p', 'app-message__rehearsal', `REHEARSAL ${message.rehearsal}`));
  }
  if (message.text) item.append(words(message.text));
  if (message.card) item.append(card(message.card));
  if (message.files?.length) item.append(files(message.files));
  if (message.paste) item.append(paste(message.paste));
  if (message.buttons?.length) item.append(choices(message.buttons, onTap));
  return item;
}

export function yourMessage(text) {
  const item = element('li', 'app-message app-message--you', element('span', 'govuk-visually-hidden', 'You said: '));
  item.append(element('p', '', text));
  item.tabIndex = -1;
  return item;
}

export function troubleMessage(text, onAgain) {
  const item = element('li', 'app-message app-message--trouble');
  if (text) item.append(element('p', '', text));
  const button = element('button', 'app-choice', 'Try again');
  button.type = 'button';
  button.addEventListener('click', onAgain);
  item.append(button);
  return item;
}
