/**
 * `npm run check`: everything that can be said of the code without running it. All checks run, two at a time; the
 * output of those that fail follows, each with what to do.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CACHE = 'node_modules/.cache';

/** @type {{ name: string, command: string[], advice: string }[]} */
const CHECKS = [
  {
    name: 'types',
    command: ['tsc', '--incremental', '--tsBuildInfoFile', `${CACHE}/tsc.tsbuildinfo`],
    advice: 'Mend the types; `any`, `!` and @ts-ignore are refused too.',
  },
  {
    name: 'eslint',
    command: ['eslint', '.', '--cache', '--cache-location', `${CACHE}/eslint/`, '--cache-strategy', 'content'],
    advice: 'Some of it is mended by `npm run lint -- --fix`.',
  },
  {
    name: 'imports',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err-long',
      'app',
      'db',
      'tests',
      'scripts',
    ],
    advice: 'Move the code to where the rule says it belongs; the table of rooms stands in docs/architecture.md.',
  },
  {
    name: 'format',
    command: [
      'prettier',
      '--check',
      '.',
      '--cache',
      '--cache-location',
      `${CACHE}/prettier-check`,
      '--log-level',
      'warn',
    ],
    advice: 'Run `npm run format`.',
  },
  {
    name: 'dead code',
    command: ['knip', '--cache', '--cache-location', `${CACHE}/knip`, '--no-config-hints'],
    advice: 'Delete what nothing uses: the file, the `export` word, or the package (package.json).',
  },
  { name: 'words', command: ['node', 'scripts/check-vocabulary.mjs'], advice: 'Rename as the lines above say.' },
  { name: 'texts', command: ['node', 'scripts/check-texts.mjs'], advice: 'Delete unused texts in every language.' },
  { name: 'documents', command: ['node', 'scripts/check-documents.mjs'], advice: 'Make the document true again.' },
];

/**
 * @param {{ name: string, command: string[], advice: string }} check
 * @returns {Promise<{ name: string, advice: string, failed: boolean, output: string, seconds: number }>}
 */
function run({ name, command, advice }) {
  const began = performance.now();
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, {
    env: { ...process.env, PATH: `node_modules/.bin:${process.env['PATH'] ?? ''}`, NO_COLOR: '1', FORCE_COLOR: '0' },
    shell: process.platform === 'win32',
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ name, advice, failed: code !== 0, output, seconds: (performance.now() - began) / 1000 }),
    );
  });
}

const waiting = [...CHECKS];
/** @type {Awaited<ReturnType<typeof run>>[]} */
const results = [];
const worker = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await run(next));
};
await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, worker));

const failed = results.filter((result) => result.failed);
for (const { name, output, advice } of failed) console.log(`\n── ${name} ──\n${output.trimEnd()}\n→ ${advice}`);
console.log(
  `\ncheck: ${results.map(({ name, failed, seconds }) => `${failed ? '✗' : '✓'} ${name} ${seconds.toFixed(1)}s`).join(' · ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
