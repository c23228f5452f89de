import { RemixBrowser } from '@remix-run/react';
import { startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';

// Only pages whose handle says `hydrate` load this.
startTransition(() => {
  hydrateRoot(document, <RemixBrowser />);
});
