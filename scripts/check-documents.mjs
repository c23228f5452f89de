/**
 * What the documents say must exist: files and headings that links point to, `npm run` commands, and environment
 * variables, which have to stand in .env.example and in the README's table, and nowhere else.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
/** @param {string} path */
const read = (path) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : '');

/** @type {string[]} */
const problems = [];

/** @param {string} folder @returns {string[]} */
const filesOf = (folder) =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? filesOf(join(folder, entry.name)) : [join(folder, entry.name)],
      )
    : [];
const documents = ['README.md', ...filesOf('docs').filter((file) => file.endsWith('.md'))];

/** GitHub's anchor of a heading. @param {string} heading */
const anchor = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[`*_]/g, '')
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replace(/\s/g, '-');
/** @param {string} text */
const anchorsOf = (text) =>
  [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchor(match[1] ?? ''));

const scripts = /** @type {{ scripts: Record<string, string> }} */ (JSON.parse(read('package.json'))).scripts;

for (const file of documents) {
  const text = read(file);
  if (text === '') {
    problems.push(`${file} is missing.`);
    continue;
  }
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)) {
    if (/^(https?:|mailto:)/.test(target)) continue;
    const [path = '', heading] = target.split('#');
    const at = path === '' ? file : relative(ROOT, resolve(ROOT, dirname(file), decodeURIComponent(path)));
    if (!existsSync(join(ROOT, at))) problems.push(`${file}: the link to ${target} leads nowhere.`);
    else if (heading !== undefined && at.endsWith('.md') && !anchorsOf(read(at)).includes(heading))
      problems.push(`${file}: ${at} has no heading #${heading}.`);
  }
  // Paths in backticks that start at the root are promises as well.
  for (const [, path = ''] of prose.matchAll(/`((?:app|db|docs|scripts|tests|bench|public)\/[\w./-]+)`/g))
    if (!existsSync(join(ROOT, path))) problems.push(`${file} names ${path}, which does not exist.`);
  for (const [, name = ''] of text.matchAll(/\bnpm run ([\w:-]+)/g))
    if (!(name in scripts)) problems.push(`${file} names \`npm run ${name}\`, which package.json does not have.`);
}

for (const file of documents.slice(1))
  if (!read('README.md').includes(`](${file}`)) problems.push(`README.md does not lead to ${file}.`);

/** Variables that belong to the platform or to tools rather than to the application. */
const NOT_OURS = /^(NODE_ENV|CI|PATH|HOME|PWD|TMPDIR|FORCE_COLOR|NO_COLOR|[A-Z0-9_]*_FOR_TESTS)$/;
const source = ['app', 'db', 'scripts']
  .flatMap(filesOf)
  .filter((file) => /(config|compose|entry|\.node|\.worker)[\w.-]*\.(ts|mjs)$/.test(file))
  .map(read)
  .join('\n')
  // Comments may speak of variables that come later.
  .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
const readByCode = new Set(
  [
    ...source.matchAll(/^\s+([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*): (?:z[.\s]|variable\()/gm),
    ...source.matchAll(/\b(?:process\.env|variables|environment|env)(?:\.|\[')([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)/g),
  ]
    .map((match) => match[1] ?? '')
    .filter((name) => !NOT_OURS.test(name)),
);
const example = new Set([...read('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] ?? ''));
const table = new Set([...read('README.md').matchAll(/^\| `([A-Z][A-Z0-9_]+)`/gm)].map((match) => match[1] ?? ''));
for (const name of readByCode) {
  if (!example.has(name)) problems.push(`.env.example lacks ${name}, which the code reads.`);
  if (!table.has(name)) problems.push(`README.md: the table of settings lacks ${name}, which the code reads.`);
}
for (const name of new Set([...example, ...table]))
  if (!readByCode.has(name)) problems.push(`${name} stands in .env.example or README.md, but no code reads it.`);

for (const problem of problems) console.log(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`documents: ${String(documents.length)} are true as far as a script can tell`);
