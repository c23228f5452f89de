/**
 * Texts that nobody prints. That every language has every text, in English's shape, is a matter of types and of
 * tests/domain/locales; that a text is still wanted is seen only here.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));

/** @param {string} folder @returns {string[]} */
const filesOf = (folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesOf(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );

const code = filesOf('app')
  .filter((file) => /\.tsx?$/.test(file) && !/^app\/locales\/\w+(\/|\.ts$)/.test(file))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');

const quoted = new Set([...code.matchAll(/['"`]([a-z][\w-]*(?:\.[\w-]+)+)['"`]/g)].map((match) => match[1]));
/** `visitor.state.${state}` prints every key that fits. */
const composed = [...code.matchAll(/`([a-z][\w-]*\.[^`\s]*\$\{[^`]*)`/g)].map(
  ([, template = '']) =>
    new RegExp(
      `^${template
        .replace(/\$\{[^}]*\}/g, '\0')
        .replace(/[.*+?^()|[\]\\]/g, '\\$&')
        .replaceAll('\0', '.+')}$`,
    ),
);

const unused = filesOf('app/locales/en').flatMap((file) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^ {2}'([a-z][\w-]*(?:\.[\w-]+)+)':/gm)]
    .map((match) => match[1] ?? '')
    .filter((key) => !quoted.has(key) && !composed.some((pattern) => pattern.test(key)))
    .map((key) => `${file}: nobody prints “${key}”`),
);

for (const line of unused) console.log(line);
if (unused.length > 0) process.exitCode = 1;
else console.log('texts: all are printed somewhere');
