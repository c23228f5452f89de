// @ts-check
// For visitor pages, which work without it: takes the browser's city once, and sends a form once.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isTold = () => /(^|; )slotwell-zone=/.test(document.cookie);
  if (zone && !isTold() && !new URLSearchParams(location.search).has('tz')) {
    const isSecure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `slotwell-zone=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax${isSecure}`;
    // Only where the page shows times of a city that is not the reader's, and never in a circle.
    if (isTold() && document.querySelector('[data-zone=unknown]')) location.reload();
  }

  const release = () => {
    for (const form of document.querySelectorAll('form[aria-busy]')) form.removeAttribute('aria-busy');
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-idle]')))
      button.textContent = button.dataset.idle ?? '';
  };

  addEventListener('submit', (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.method !== 'post') return;
    if (form.ariaBusy === 'true') return event.preventDefault();
    form.ariaBusy = 'true';
    const button = event.submitter;
    if (button?.dataset.busy) {
      button.dataset.idle = button.textContent ?? '';
      button.textContent = button.dataset.busy;
    }
    // When no answer comes, it can be tried again.
    setTimeout(release, 15_000);
  });

  // Back from the next page, the form can be sent again.
  addEventListener('pageshow', release);
})();
