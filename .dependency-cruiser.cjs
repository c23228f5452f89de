/**
 * Who may import whom. The table stands in docs/architecture.md; each comment says where the code belongs.
 * `preCompilation` imports count as well: types make cycles and reach across rooms like values do.
 */

const TEMPORAL = '/temporal-polyfill/';
/** Words of the rules that everyone may speak: types, and what makes them. */
const DOMAIN = '^app/domain/';
/** A capability's interface has its folder's name (services/mail/mail.ts); what providers raise is shared by all. */
const CAPABILITIES = ['mail', 'jobs', 'limits', 'calendars', 'video', 'payments', 'sms', 'photos'];
const INTERFACES = `^app/services/(?:${CAPABILITIES.map((name) => `${name}/${name}`).join('|')}|service-error)\\.ts$`;
const PLUMBING = ['^app/context\\.ts$', '^app/config\\.ts$'];
/** Programs that write a generated file beside themselves. */
const GENERATORS = '\\.generate\\.mjs$';
const ZONE_TABLES = '^db/zone-tables\\.ts$';
const NONE = ['^$'];
const PACKAGE = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled'];

/** `room` may import itself, what is listed, and (unless `packages` says which) any package. */
const room = (name, comment, may, { packages } = {}) => {
  const itself = `^app/${name}/`;
  return [
    {
      name: `${name}-imports`,
      comment,
      severity: 'error',
      from: { path: itself },
      to: { path: '^(app|db|scripts|tests|bench)/', pathNot: [itself, ...may] },
    },
    ...(packages
      ? [
          {
            name: `${name}-packages`,
            comment,
            severity: 'error',
            from: { path: itself, pathNot: '\\.(node|worker)\\.tsx?$' },
            to: { dependencyTypes: PACKAGE, pathNot: packages },
          },
        ]
      : []),
  ];
};

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one thing, or a third is missing: move what both need (often a type) into a file of its own that imports neither.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolves',
      comment: 'This import leads nowhere: mend the path, or add the package to package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^virtual:', '/build/server/', '^cloudflare:'] },
    },

    ...room(
      'domain',
      'app/domain holds rules alone: it takes plain values and gives plain values. What asks a database or a service belongs in app/usecases, what a person reads in app/format or app/locales; only Temporal and the generated zone table come from outside.',
      [ZONE_TABLES],
      { packages: [TEMPORAL] },
    ),
    ...room(
      'data',
      'app/data holds queries: it takes the transaction and values in the words of app/domain. A decision belongs in app/domain, its order of steps in app/usecases.',
      [DOMAIN, '^db/schema\\.ts$'],
      { packages: ['/drizzle-orm/', '/pg/', '/@types/pg/', '/@neondatabase/serverless/'] },
    ),
    ...room(
      'services',
      'app/services speaks with the outside world in the words of app/domain. What needs a query is handed in by app/compose or belongs in app/usecases.',
      [DOMAIN, '^app/crypto/', '^app/data/database\\.ts$', '^app/data/actor\\.ts$', '^db/schema\\.ts$'],
    ),
    {
      name: 'services-keep-apart',
      comment:
        'One capability knows no other: a use case (app/usecases) calls both, or app/compose hands one to the other as a function.',
      severity: 'error',
      from: { path: '^app/services/([^/]+)/' },
      to: { path: '^app/services/', pathNot: ['^app/services/$1/', '^app/services/service-error\\.ts$'] },
    },
    {
      name: 'services-ask-no-queries',
      comment:
        'Only a provider that keeps its own table (limits, jobs) may open the database, and by its own statements; a query of a noun stays in app/data and is called by a use case.',
      severity: 'error',
      from: { path: '^app/services/', pathNot: '^app/services/(limits|jobs)/postgres[^/]*\\.ts$' },
      to: { path: ['^app/data/', '^db/'], dependencyTypesNot: ['type-only'] },
    },
    ...room(
      'usecases',
      'app/usecases loads, decides by app/domain, writes, and hands on through the interface of a service. Requests and answers belong in app/routes or app/http, markup in app/ui, a provider’s name only in app/compose.',
      [
        DOMAIN,
        '^app/data/',
        '^app/format/',
        '^app/crypto/',
        '^app/emails/',
        '^app/locales/',
        '^db/(schema|seed)\\.ts$',
        '^db/migrations/meta/_journal\\.json$',
        INTERFACES,
        ...PLUMBING,
      ],
    ),
    ...room(
      'forms',
      'app/forms says what may be typed: zod and the words of app/domain. What needs a query is checked in app/usecases, how it looks belongs in app/ui.',
      [DOMAIN],
      { packages: ['/zod/', '/@conform-to/'] },
    ),
    ...room(
      'ui',
      'A component takes what it shows: the route (app/routes) loads and hands it in. Words come from app/locales, dates and money from app/format.',
      [DOMAIN, '^app/format/', '^app/locales/'],
    ),
    ...room(
      'emails',
      'A mail template takes what it says: the use case that sends it (app/usecases) loads and hands it in. Words come from app/locales, dates and money from app/format.',
      [DOMAIN, '^app/format/', '^app/locales/'],
    ),
    ...room(
      'http',
      'app/http is plumbing of requests and knows no noun: what is about a booking or a mentor belongs in the route (app/routes) or its use case.',
      [DOMAIN, '^app/crypto/', '^app/locales/', ...PLUMBING],
    ),
    ...room(
      'crypto',
      'app/crypto turns bytes into bytes: what is sealed or signed is decided by its caller.',
      [DOMAIN],
      {
        packages: NONE,
      },
    ),
    ...room(
      'format',
      'app/format prints values for people: it is given zone and language and loads nothing. The words come from app/locales.',
      [DOMAIN, '^app/locales/'],
      { packages: ['/ics/'] },
    ),
    ...room('locales', 'app/locales holds texts and knows nothing else.', [], { packages: NONE }),
    ...room(
      'routes',
      'A route parses, authorises, makes one call, responds. What decides or writes belongs in app/usecases, what speaks with a provider in app/services behind a use case, markup that grows in app/ui.',
      [
        DOMAIN,
        '^app/usecases/',
        '^app/forms/',
        '^app/ui/',
        '^app/http/',
        '^app/format/',
        '^app/locales/',
        '^app/data/',
        '^app/crypto/',
        INTERFACES,
        ...PLUMBING,
      ],
    ),
    {
      name: 'below-use-cases-nobody-decides',
      comment:
        'From the rules this room takes types, and of app/domain/time the arithmetic. Whoever calls this (a use case or a route) asks the rule and hands in its answer.',
      severity: 'error',
      from: { path: '^app/(data|services|ui|emails|http|crypto|format)/' },
      to: { path: '^app/domain/', pathNot: '^app/domain/time/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'routes-know-no-routes',
      comment: 'What two routes share belongs in app/ui (markup), app/http (plumbing) or app/usecases (a decision).',
      severity: 'error',
      from: { path: '^app/routes/' },
      to: { path: '^app/routes/' },
    },
    {
      name: 'routes-ask-no-tables',
      comment: 'No SQL in a route: write the query as a function in app/data/<noun>.ts and name its actor here.',
      severity: 'error',
      from: { path: '^app/(routes|ui|emails|http|forms|format|domain)/' },
      to: { path: ['^db/', '/drizzle-orm/', '/node_modules/pg/'], pathNot: ZONE_TABLES },
    },
    {
      name: 'routes-read-only-plain-queries',
      comment: 'A route takes from a service its types alone; the use case (app/usecases) calls it.',
      severity: 'error',
      from: { path: '^app/routes/' },
      to: { path: '^app/services/', dependencyTypesNot: ['type-only'] },
    },

    {
      name: 'node-stays-under-node',
      comment:
        'This file runs at the edge too. Put what needs Node into a file that ends in .node.ts and let app/entry.node.ts hand it in.',
      severity: 'error',
      from: { path: '^(app|db)/', pathNot: '\\.node\\.tsx?$' },
      to: { path: ['\\.node\\.tsx?$', '/@remix-run/node/'] },
    },
    {
      name: 'node-core-stays-under-node',
      comment:
        'This file runs at the edge too. Use web standards (fetch, WebCrypto, streams), or move it into a file that ends in .node.ts.',
      severity: 'error',
      from: { path: '^(app|db)/', pathNot: ['\\.(node|worker)\\.tsx?$', GENERATORS] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workers-have-one-of-node',
      comment: 'Of Node’s modules the Worker’s entry takes node:async_hooks, which Workers have; no other.',
      severity: 'error',
      from: { path: '\\.worker\\.tsx?$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?async_hooks$' },
    },
    {
      name: 'worker-stays-in-workers',
      comment: 'Workers’ bindings live in files that end in .worker.ts; app/entry.worker.ts hands them in.',
      severity: 'error',
      from: { path: '^(app|db)/', pathNot: '\\.worker\\.tsx?$' },
      to: { path: ['\\.worker\\.tsx?$', '^cloudflare:', '/@cloudflare/workers-types/'] },
    },
    {
      name: 'entries-import-the-build',
      comment:
        'An entry takes the application from build.entry.module, so that no module exists twice; it may import types and files of its own suffix.',
      severity: 'error',
      from: { path: '^app/entry\\.(node|worker)\\.ts$' },
      to: { path: '^(app|db)/', pathNot: '\\.$1\\.tsx?$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-the-top',
      comment:
        'compose, entries and root stand above everything. What others need of them belongs below: a type in app/context.ts, a piece in its room.',
      severity: 'error',
      from: { path: '^app/', pathNot: '^app/(compose|root|entry\\.[a-z]+)\\.tsx?$' },
      to: { path: '^app/(compose|root|routes|entry\\.[a-z]+)\\.tsx?$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'app-needs-no-tests',
      comment: 'What tests need lives in tests/support; what the application needs lives in app or db.',
      severity: 'error',
      from: { path: '^(app|db)/' },
      to: { path: '^(tests|bench|scripts)/' },
    },
    {
      name: 'db-stands-below',
      comment: 'db holds schema, migrations and seed. What decides belongs in app/domain, queries in app/data.',
      severity: 'error',
      from: { path: '^db/' },
      to: { path: '^app/', pathNot: [DOMAIN, '^app/data/', '^app/crypto/'] },
    },
    {
      name: 'runs-without-development-packages',
      comment:
        'What runs is installed without development packages: move this one from devDependencies to dependencies.',
      severity: 'error',
      from: { path: '^(app|db)/', pathNot: ['\\.worker\\.tsx?$', GENERATORS] },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only', 'npm', 'npm-optional'],
        pathNot: '/@types/',
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|dist|data)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};
