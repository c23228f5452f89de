import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Files that run under Node alone: services of one machine, builds, scripts, tests. */
const NODE_ONLY = [
  'app/**/*.node.{ts,tsx}',
  'db/**/*.node.ts',
  'db/**/*.mjs',
  'scripts/**',
  'bench/**',
  'tests/**',
  '*.{ts,js,cjs,mjs}',
  '.dependency-cruiser.cjs',
];
const SPECS = ['tests/**/*.{ts,tsx}', 'bench/**/*.ts'];

const NODE_IN_SHARED_CODE =
  'This file runs at the edge too. Put what needs Node into a file that ends in .node.ts, behind an interface of its capability.';
const CLOCK_IN_RULES =
  'Rules take the time as an argument: add `now: Instant`; routes and use cases get it from app.clock().';
const TEXT_IN_MARKUP =
  'Text for people comes from app/locales: add a key to en/<area>.ts and ko/<area>.ts and print t(key).';

/** Refused everywhere; a block that refuses more has to repeat these, because rules do not add up. */
const WORDS = [
  {
    selector:
      ':matches(VariableDeclarator, FunctionDeclaration) > Identifier.id[name=/^(data|session|utils?|helpers?|manager|handler|misc|common)$/]',
    message:
      'Say what it holds: `booking`, `submission`, `signIn` (a mentor’s presence is a sign-in, what is booked a session type). The words stand in docs/architecture.md.',
  },
  {
    selector: 'VariableDeclarator > ObjectPattern > Property > Identifier.value[name=/^(data|session)$/]',
    message: 'Rename it where it is unpacked to what it holds: `{ data: booking }`.',
  },
];
/** Letters, unless they are the product's own name. */
const LETTERS = '/^(?![^\\p{L}]*Slotwell[^\\p{L}]*$)[\\s\\S]*\\p{L}/u';
const CHOICE = ':matches(ConditionalExpression, LogicalExpression)';
const ATTRIBUTE =
  'JSXAttribute[name.name=/^(alt|title|placeholder|label|aria-(label|description|roledescription|valuetext|placeholder))$/]';
const TEXT = [
  `JSXText[value=${LETTERS}]`,
  ...[':matches(JSXElement, JSXFragment)', ATTRIBUTE].flatMap((place) => [
    `${place} > JSXExpressionContainer > Literal[value=${LETTERS}]`,
    `${place} > JSXExpressionContainer > ${CHOICE} > Literal[value=${LETTERS}]`,
    `${place} > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=/\\p{L}{2}/u]`,
  ]),
  `${ATTRIBUTE} > Literal[value=${LETTERS}]`,
].map((selector) => ({ selector, message: TEXT_IN_MARKUP }));
const CLOCK = [
  {
    selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    message: CLOCK_IN_RULES,
  },
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: CLOCK_IN_RULES },
  { selector: 'CallExpression[callee.name="Date"]', message: CLOCK_IN_RULES },
  { selector: 'MemberExpression[object.name="Temporal"][property.name="Now"]', message: CLOCK_IN_RULES },
  { selector: 'CallExpression[callee.object.name="performance"][callee.property.name="now"]', message: CLOCK_IN_RULES },
];

export default defineConfig([
  globalIgnores([
    'build/',
    'dist/',
    'data/',
    'reports/',
    '.stryker-tmp/',
    '.wrangler/',
    'db/migrations/',
    // Written by db/zone-tables.generate.mjs.
    'db/zone-tables.ts',
    // Plain script of the visitor pages, sent as it is; tsc checks it.
    'app/ui/visitor.js',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // tsc reports these already, or better.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      // Remix: an outcome is thrown as a Response.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allow: ['Response', 'TypedResponse'], allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/ban-ts-comment': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...WORDS],
    },
  },
  {
    name: 'runtime: shared code knows neither Node nor the environment',
    files: ['app/**/*.{ts,tsx}', 'db/**/*.ts'],
    ignores: ['**/*.node.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            // Workers have this one too; only their entry takes it (dependency-cruiser sees to that).
            { regex: '^node:(?!async_hooks$)', message: NODE_IN_SHARED_CODE },
            {
              regex: '^@remix-run/node$',
              message:
                'Import it from @remix-run/cloudflare, which runs in both homes; only *.node.ts may take @remix-run/node.',
            },
            {
              regex: '^(\\.{1,2}/)+(app|db)/',
              message: 'Write ~/… for app and ~db/… for db.',
            },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        {
          name: 'process',
          message: 'The environment is read once, by the entry, and arrives parsed as app.config (app/config.ts).',
        },
        { name: 'Buffer', message: `${NODE_IN_SHARED_CODE} Bytes are Uint8Array (app/crypto).` },
        { name: '__dirname', message: NODE_IN_SHARED_CODE },
        { name: 'setInterval', message: 'Nothing ticks at the edge: make it a job (app/services/jobs).' },
      ],
    },
  },
  {
    name: 'rules and use cases: the clock is an argument',
    files: ['app/{domain,usecases,data,forms,format}/**/*.{ts,tsx}'],
    ignores: ['**/*.node.ts'],
    rules: { 'no-restricted-syntax': ['error', ...WORDS, ...CLOCK] },
  },
  {
    name: 'markup: no text in it',
    files: ['app/{routes,ui,emails}/**/*.tsx', 'app/root.tsx'],
    rules: { 'no-restricted-syntax': ['error', ...WORDS, ...CLOCK, ...TEXT] },
  },
  {
    name: 'scripts of pages, sent as they are: tsc knows the browser’s names',
    files: ['app/**/*.js'],
    rules: { 'no-undef': 'off' },
  },
  {
    name: 'the one place that writes the log of requests',
    files: ['app/entry.server.tsx'],
    rules: { 'no-console': ['error', { allow: ['error', 'log'] }] },
  },
  {
    name: 'Node: entries, services of one machine, scripts',
    files: NODE_ONLY,
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'Buffer', 'URL', 'URLSearchParams', 'fetch', 'performance', 'setTimeout', 'clearTimeout']
          .concat(['setInterval', 'clearInterval', 'module', 'structuredClone', 'TextDecoder', 'TextEncoder'])
          .map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'no-console': 'off' },
  },
  {
    name: 'tests: builders and answers of outside programs are loosely typed',
    files: SPECS,
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      'no-restricted-syntax': [
        'error',
        ...WORDS,
        {
          selector: 'CallExpression[callee.object.name="vi"][callee.property.name=/^(mock|doMock|spyOn)$/]',
          message:
            'Our own code is never mocked: stand a fake at the network (a local server), or hand in another service.',
        },
        {
          selector:
            'CallExpression[callee.property.name=/^(toMatchSnapshot|toMatchInlineSnapshot|toMatchFileSnapshot)$/]',
          message: 'No snapshots: say in the assertion what a person or a database would see.',
        },
      ],
    },
  },
]);
