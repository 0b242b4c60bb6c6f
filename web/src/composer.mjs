// The box people type in: Enter sends, and what cannot be sent is said in the GOV.UK way.
const MOST_CHARACTERS = 4000;
const byId = (id) => document.getElementById(id);

export function composer(onSend) {
  const box = byId('message');

  function problem(text) {
    byId('summary').hidden = !text;
    byId('message-error').hidden = !text;
    byId('summary-link').textContent = text;
    byId('message-error-words').textContent = text;
    byId('group').classList.toggle('govuk-form-group--error', Boolean(text));
    box.classList.toggle('govuk-textarea--error', Boolean(text));
    box.setAttribute('aria-describedby', text ? 'message-hint message-error' : 'message-hint');
    box.toggleAttribute('aria-invalid', Boolean(text));
    const title = document.title.replace(/^Error: /, '');
    document.title = text ? `Error: ${title}` : title;
    if (!text) return;
    byId('summary').focus();
    box.scrollIntoView({ block: 'nearest' });
  }

  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = box.value.trim();
    const length = [...text].length;
    if (!text) return problem('Enter a message');
    if (length > MOST_CHARACTERS) {
      return problem(`Your message must be 4,000 characters or fewer. It has ${length.toLocaleString('en-GB')}`);
    }
    problem('');
    box.value = '';
    return onSend(text);
  });
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    byId('composer').requestSubmit();
  });
  for (const link of [byId('summary-link'), document.querySelector('.govuk-skip-link')]) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      box.focus();
    });
  }

  return {
    problem,
    putBack(text) {
      if (!box.value) box.value = text;
    },
    takeBack(text) {
      if (box.value.trim() === text) box.value = '';
    },
  };
}
