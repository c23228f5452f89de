import { fileURLToPath } from 'node:url';
import { deploy, rehearse } from '../deployment/deploy';
import { findWrangler } from '../deployment/wrangler';
import { ENVIRONMENTS } from '../doctor/environment-file';
import { CallError, command, environmentName, readOptions, variablesFor } from './arguments';

// npm run deploy -- --env staging | production [--dry-run]
await command(async () => {
  const options = readOptions({ env: { type: 'string' }, 'dry-run': { type: 'boolean' } });
  const name = environmentName(options.env);
  if (name === undefined) throw new CallError(`Say where: npm run deploy -- --env ${ENVIRONMENTS.join(' | ')}`);
  // As seen from dist/, where this is bundled to.
  const wrangler = findWrangler(fileURLToPath(new URL('..', import.meta.url)));
  if (wrangler === null) throw new CallError('wrangler is not installed: npm ci, with development packages.');
  const deployment = { name, wrangler, say: (line: string) => console.log(line) };
  return options['dry-run'] ? rehearse(deployment) : deploy(deployment, variablesFor(name));
});
