// @ts-check
// For visitor pages, which work without it: takes the browser's city once, and sends a form once.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isTold = () => /(^|; )slotwell-zone=/.test(document.cookie);
  if (zone && !isTold() && !new URLSearchParams(location.search).has('tz')) {
    const isSecure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `slotwell-zone=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax${isSecure}`;
    // Only where the page shows times in a city that was not the reader's, and never in a circle.
    if (isTold() && document.querySelector('[data-zone=unknown]')) location.reload();
  }

  addEventListener('submit', (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.method !== 'post') return;
    if (form.ariaBusy === 'true') return event.preventDefault();
    form.ariaBusy = 'true';
    const button = event.submitter;
    if (!button?.dataset.busy) return;
    button.dataset.idle = button.textContent ?? '';
    button.textContent = button.dataset.busy;
  });

  // Back from the next page: the form can be sent again.
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[aria-busy]')) form.removeAttribute('aria-busy');
    for (const button of document.querySelectorAll('button[data-idle]'))
      button.textContent = /** @type {HTMLElement} */ (button).dataset.idle ?? '';
  });
})();
