import { z } from 'zod';
import { databaseUrlFault } from '../../app/config';
import { openDatabase } from '../../app/data/database';
import { ask } from '../../app/data/embedded/server.node';
import { hasDatabase, settle } from '../../app/data/embedded/place.node';
import { openPgWire } from '../../app/data/pg-wire.node';
import { findZone } from '../../app/domain/time/zones';
import { addMentor } from '../../app/usecases/mentors/add-mentor';
import { directUrl } from '../doctor/database';
import { CallError, command, environmentName, readOptions, variablesFor } from './arguments';

const HOW =
  'npm run mentors:add -- --email ada@example.org --name "Ada Quill" --zone Europe/Berlin [--slug ada] [--headline "Staff engineer"] [--summary "…"] [--bio "…"]';

const wish = z.object({
  email: z.email('--email needs an address'),
  name: z.string('--name is missing').trim().min(1, '--name is empty').max(100, '--name is too long'),
  zone: z.string('--zone is missing').transform((text, context) => {
    const zone = findZone(text);
    if (zone === undefined) context.addIssue({ code: 'custom', message: '--zone needs one such as Europe/Berlin' });
    return zone ?? z.NEVER;
  }),
  slug: z
    .string()
    .regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, '--slug takes letters, digits and hyphens between them')
    .max(60, '--slug is too long'),
  headline: z.string().trim().max(100, '--headline is too long').default(''),
  summary: z.string().trim().max(300, '--summary is too long').default(''),
  bio: z.string().trim().max(5_000, '--bio is too long').default(''),
});

// npm run mentors:add -- [--env …] --email … --name … --zone … [--slug …] [--headline …] [--summary …] [--bio …]
await command(async () => {
  const { env, ...given } = readOptions({
    env: { type: 'string' },
    email: { type: 'string' },
    name: { type: 'string' },
    zone: { type: 'string' },
    slug: { type: 'string' },
    headline: { type: 'string' },
    summary: { type: 'string' },
    bio: { type: 'string' },
  });
  const parsed = wish.safeParse({ ...given, slug: given.slug ?? slugOf(given.name ?? '') });
  if (!parsed.success) throw new CallError([...parsed.error.issues.map(({ message }) => message), HOW].join('\n'));
  const { home, variables } = variablesFor(environmentName(env));
  const url = variables.DATABASE_URL?.trim();
  if (home === 'edge' && !url) throw new CallError('DATABASE_URL is not set.');
  const fault = url ? databaseUrlFault(url) : null;
  if (fault !== null) throw new CallError(`DATABASE_URL: ${fault}`);
  const wire = openPgWire(url ? directUrl(url) : await ownUrl(variables.DATA_DIR?.trim() || './data'), { max: 1 });
  try {
    const outcome = await addMentor({ db: openDatabase(wire), clock: () => Date.now() }, parsed.data);
    switch (outcome.kind) {
      case 'added':
        console.log(
          `${parsed.data.name} is at /m/${parsed.data.slug} and signs in at /sign-in as ${parsed.data.email}.\n` +
            'Weekly hours are Monday to Friday, 9 to 17, until they are changed at /desk/availability.',
        );
        return 0;
      case 'taken':
        console.error(`There is somebody with this ${outcome.what} already.`);
        return 1;
    }
  } finally {
    await wire.end();
  }
});

function slugOf(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

/** The server's own database can be asked while the server runs. */
async function ownUrl(dataDir: string): Promise<string> {
  if (!hasDatabase(dataDir)) throw new CallError(`There is no database in ${dataDir} yet: start the server first.`);
  const { url } = settle(dataDir);
  if ((await ask(url)) === 'nobody') throw new CallError('The database is not running: start the server first.');
  return url;
}
