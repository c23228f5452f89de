/**
 * One noun, one meaning, the same in every layer: folders and files under app carry the nouns of the glossary
 * (docs/architecture.md), so a person who knows a noun finds all of it. Refuses strays and drawers for anything.
 */
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));

/** The nouns of the field. */
const NOUNS = [
  'bookings',
  'availability',
  'slots',
  'session-types',
  'mentors',
  'calendars',
  'notifications',
  'accounts',
  'payments',
  'audit',
];
/** What is no noun of the field and still has a place, by room. */
const ALSO = {
  domain: ['time'],
  data: [
    'actor',
    'database',
    'embedded',
    'pg-wire',
    'neon-wire',
    'measured-wire',
    'operations',
    'errors',
    'limits',
    'jobs',
    'idempotency',
  ],
  usecases: ['jobs', 'operations', 'demo'],
  forms: ['preferences', 'api'],
};
/** Pages and answers of a route group: each shows or changes what the noun says. */
const PAGES = {
  visitor: {
    home: 'mentors',
    mentor: 'mentors',
    cities: 'mentors',
    month: 'slots',
    book: 'bookings',
    booking: 'bookings',
    reschedule: 'bookings',
    cancel: 'bookings',
    invite: 'bookings',
  },
  desk: { 'cancel-booking': 'bookings', days: 'availability', 'api-tokens': 'accounts', 'revoke-token': 'accounts' },
  auth: { 'sign-in': 'accounts', code: 'accounts', 'sign-out': 'accounts' },
  admin: {},
  api: { 'cancel-booking': 'bookings' },
  dev: { outbox: 'notifications', 'outbox-message': 'notifications' },
};
/** Pages of the web rather than of the field. */
const WEB_PAGES = [
  'layout',
  'index',
  'health',
  'health-ready',
  'jobs',
  'privacy',
  'help',
  'api',
  'openapi',
  'not-found',
  'preferences',
  'error',
];

const DRAWERS = /^(utils?|helpers?|lib|libs|common|misc|miscellaneous|shared|managers?|handlers?|stuff|tools|core)$/;

/** @type {string[]} */
const problems = [];
/** @param {string} folder @returns {string[]} */
const children = (folder) => (existsSync(join(ROOT, folder)) ? readdirSync(join(ROOT, folder)) : []);
/** `book-slot.node.ts` → `book-slot` @param {string} name */
const stem = (name) => name.replace(/(\.(node|worker|server|client|generate|test))?\.(tsx?|m?js|css|sql|json)$/, '');
const isFile = (/** @type {string} */ name) => /\.\w+$/.test(name);

/** @param {string} folder */
function refuseDrawers(folder) {
  for (const name of children(folder)) {
    const words = stem(name).split(/[-_.]/);
    const drawer = words.find((word) => DRAWERS.test(word));
    if (drawer)
      problems.push(
        `${folder}/${name}: “${drawer}” says nothing. Name it by what it holds, in the room of its noun (or in app/format, app/http, app/crypto).`,
      );
    if (!/^[a-z0-9.-]+$/.test(stem(name)) && !/^\d{4}_/.test(name) && folder !== 'db/migrations/meta')
      problems.push(`${folder}/${name}: file names are lower-case words joined by hyphens.`);
    if (!isFile(name)) refuseDrawers(`${folder}/${name}`);
  }
}
for (const folder of ['app', 'db', 'scripts', 'bench', 'tests']) refuseDrawers(folder);

const list = (/** @type {readonly string[]} */ words) => words.join(', ');

/** Rooms with a folder per noun. */
for (const room of /** @type {const} */ (['domain', 'usecases'])) {
  for (const name of children(`app/${room}`)) {
    const allowed = [...NOUNS, ...ALSO[room]];
    if (!allowed.includes(name))
      problems.push(
        isFile(name)
          ? `app/${room}/${name}: put it into the folder of its noun: ${list(allowed)}.`
          : `app/${room}/${name}/ is no noun of the glossary. Put its files under one of: ${list(allowed)}. A new noun first gets its line in docs/architecture.md and in scripts/check-vocabulary.mjs.`,
      );
  }
}
/** Rooms with a file per noun. */
for (const room of /** @type {const} */ (['data', 'forms'])) {
  const allowed = [...NOUNS, ...ALSO[room]];
  for (const name of children(`app/${room}`)) {
    if (!allowed.includes(stem(name)))
      problems.push(
        `app/${room}/${name} is named after no noun. Move its contents to ${allowed.map((word) => `${word}.ts`).join(', ')}.`,
      );
  }
}

/** Routes: the groups of the URL map, and in them a noun or a page about one. */
for (const group of children('app/routes')) {
  const pages = PAGES[/** @type {keyof typeof PAGES} */ (group)];
  if (!pages) {
    problems.push(`app/routes/${group}: routes stand in one of ${list(Object.keys(PAGES))}/.`);
    continue;
  }
  const allowed = [...NOUNS, ...Object.keys(pages), ...WEB_PAGES];
  for (const name of children(`app/routes/${group}`))
    if (!allowed.includes(stem(name)))
      problems.push(
        `app/routes/${group}/${name} is named after no noun and no known page (${list(allowed)}). A new page gets its line in scripts/check-vocabulary.mjs, with its noun.`,
      );
}

/** The glossary explains every noun. */
const architecture = join(ROOT, 'docs/architecture.md');
const glossary = existsSync(architecture) ? (readFileSync(architecture, 'utf8').split(/^## Glossary/m)[1] ?? '') : '';
for (const noun of NOUNS)
  if (!glossary.includes(`**${noun}**`))
    problems.push(`docs/architecture.md: the glossary does not explain **${noun}**.`);

for (const problem of problems) console.log(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`words: every name under ${relative(process.cwd(), join(ROOT, 'app')) || 'app'} is known`);
