import { z } from 'zod';

/** Forms of ours have some 60 fields. */
export const FIELD_LIMIT = 500;

/**
 * What a schema admits of a posted form. Without this bound a forged name costs a minute of CPU
 * (`days[30000].x` makes a list that long), and a name or intent of the wrong shape a 500.
 */
export interface FormGuard {
  /** Names of fields, such as `days[3].ranges[0].start`. */
  readonly names: RegExp;
  /** Names of lists, which intents may change: `days[3].ranges`. */
  readonly lists: RegExp;
  /** Names that may stand more than once: boxes of one name. */
  readonly repeated: RegExp;
}

/** Reads the guard off the schema. A list's indexes reach up to its own maximum, so that one item too many shows its error. */
export function guardOf(schema: z.core.$ZodType): FormGuard {
  const paths: Paths = { fields: [], lists: [], boxes: [] };
  walk(schema, '', paths);
  return { names: anyOf(paths.fields), lists: anyOf(paths.lists), repeated: anyOf(paths.boxes) };
}

interface Paths {
  readonly fields: string[];
  readonly lists: string[];
  readonly boxes: string[];
}

const anyOf = (patterns: readonly string[]) => new RegExp(`^(?:${patterns.join('|') || '(?!)'})$`);

function walk(type: z.core.$ZodType, path: string, paths: Paths): void {
  const { def } = (type as z.core.$ZodTypes)._zod;
  if (def.type === 'object') {
    for (const [key, value] of Object.entries(def.shape)) walk(value, path === '' ? key : `${path}\\.${key}`, paths);
  } else if (def.type === 'array') {
    paths.lists.push(path);
    walk(def.element, `${path}\\[(?:${indexesOf(def)})\\]`, paths);
    // Boxes of one name are a list of scalars as well.
    if (isScalar(def.element)) {
      paths.fields.push(path);
      paths.boxes.push(path);
    }
  } else if (def.type === 'pipe') {
    walk((def.in as z.core.$ZodTypes)._zod.def.type === 'transform' ? def.out : def.in, path, paths);
  } else if (def.type === 'union') {
    for (const option of def.options) walk(option, path, paths);
  } else if (def.type === 'intersection') {
    for (const side of [def.left, def.right]) walk(side, path, paths);
  } else if ('innerType' in def) {
    // Optional, nullable, default, prefault, catch, readonly: what they wrap.
    walk(def.innerType, path, paths);
  } else {
    paths.fields.push(path);
  }
}

/** The largest list that any form may ask for. */
const LIST_LIMIT = 99;

function indexesOf(def: z.core.$ZodArrayDef): string {
  const bounds = (def.checks ?? []).map((check) => {
    const bound = check._zod.def as { check: string; maximum?: number; length?: number };
    if (bound.check === 'max_length') return bound.maximum ?? LIST_LIMIT;
    if (bound.check === 'length_equals') return bound.length ?? LIST_LIMIT;
    return LIST_LIMIT;
  });
  const last = Math.min(LIST_LIMIT, ...bounds);
  return Array.from({ length: last + 1 }, (_, index) => index).join('|');
}

function isScalar(type: z.core.$ZodType): boolean {
  const paths: Paths = { fields: [], lists: [], boxes: [] };
  walk(type, 'x', paths);
  return paths.lists.length === 0 && paths.fields.every((path) => path === 'x');
}

const index = z.int().min(0).max(LIST_LIMIT);
const shortText = z.string().max(200);
/** What the buttons of a list form ask for; Conform itself would accept any shape, and throws at some. */
const intentShape = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('insert'),
    payload: z.strictObject({
      name: shortText,
      index: index.optional(),
      defaultValue: z.union([shortText, z.record(z.string().regex(/^[a-z]\w*$/i), shortText)]).optional(),
    }),
  }),
  z.strictObject({ type: z.literal('remove'), payload: z.strictObject({ name: shortText, index }) }),
  z.strictObject({ type: z.literal('reorder'), payload: z.strictObject({ name: shortText, from: index, to: index }) }),
]);

/**
 * The posted intent as Conform may have it, in JSON; undefined unless its list is one of the form's
 * and what it puts in has the form's fields.
 */
export function findIntent(guard: FormGuard, json: string): string | undefined {
  const intent = intentShape.safeParse(parseJson(json)).data;
  if (intent === undefined || !guard.lists.test(intent.payload.name)) return undefined;
  const put = intent.type === 'insert' ? fieldsOf(intent.payload) : [];
  return put.every((field) => guard.names.test(field)) ? JSON.stringify(intent) : undefined;
}

function fieldsOf({ name, defaultValue }: { name: string; defaultValue?: string | Record<string, string> }): string[] {
  const row = `${name}[0]`;
  return typeof defaultValue === 'string' ? [row] : Object.keys(defaultValue ?? {}).map((key) => `${row}.${key}`);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
