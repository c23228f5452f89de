import type { z } from 'zod';
import { sha256Hex } from '~/crypto/hashes';
import { refuse, type FieldError } from './api-refusals';

/** The parameters of the address, checked, or the refusal that lists all that is wrong with them. */
export function readQuery<Schema extends z.ZodType>(request: Request, schema: Schema): z.output<Schema> | Response {
  const sent = new Map<string, string>();
  const twice = new Set<string>();
  for (const [name, value] of new URL(request.url).searchParams) {
    if (sent.has(name)) twice.add(name);
    sent.set(name, value);
  }
  const parsed = schema.safeParse(Object.fromEntries(sent));
  const errors = [
    ...[...twice].map((field) => ({ field: field.slice(0, LONGEST_FIELD), detail: 'Send this parameter once.' })),
    ...(parsed.success ? [] : fieldErrors(parsed.error, 'There is no such parameter.')),
  ];
  return parsed.success && errors.length === 0 ? parsed.data : refuseFields(errors);
}

/** The JSON of the body, checked, or the refusal that lists all that is wrong with it. An empty body stands for `{}` where that is allowed. */
export async function readBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  { isOptional = false }: { isOptional?: boolean } = {},
): Promise<z.output<Schema> | Response> {
  const parameters = [...new Set(new URL(request.url).searchParams.keys())];
  if (parameters.length > 0)
    return refuseFields(
      parameters.map((name) => ({ field: name.slice(0, LONGEST_FIELD), detail: 'Send this in the body.' })),
    );
  let sent: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await request.arrayBuffer());
    sent = isOptional && text === '' ? {} : JSON.parse(text);
  } catch {
    return refuse('bad-json');
  }
  const parsed = schema.safeParse(sent);
  return parsed.success ? parsed.data : refuseFields(fieldErrors(parsed.error, 'There is no such field.'));
}

/** One name of a request among all: of its header, of who sends it and of what is called. */
const IDEMPOTENCY_HEADER = 'Idempotency-Key';

/**
 * What makes requests the same one by their Idempotency-Key: SHA-256 over `caller`, `endpoint` and the key, hex.
 * Undefined without the header; a refusal when it is not of 1 to 255 printable characters of ASCII.
 */
export async function readRequestName(
  request: Request,
  { caller, endpoint }: { caller: string; endpoint: string },
): Promise<string | undefined | Response> {
  const key = request.headers.get(IDEMPOTENCY_HEADER);
  if (key === null) return undefined;
  if (!/^[\x20-\x7e]{1,255}$/.test(key))
    return refuseFields([{ field: IDEMPOTENCY_HEADER, detail: 'Send 1 to 255 printable characters of ASCII.' }]);
  return sha256Hex(JSON.stringify(['idempotency', endpoint, caller, key]));
}

/** What a checked body asks for, as SHA-256, hex: however it was written. */
export const hashOfRequest = (checked: object): Promise<string> => sha256Hex(JSON.stringify(checked));

export const refuseFields = (errors: readonly FieldError[]): Response =>
  refuse('invalid-request', { errors: errors.slice(0, MOST_ERRORS) });

/** As many as anybody reads; each holds a name that was sent. */
const MOST_ERRORS = 50;
const LONGEST_FIELD = 100;

function fieldErrors({ issues }: z.ZodError, unknownField: string): FieldError[] {
  const errors = issues.slice(0, MOST_ERRORS).flatMap((issue): FieldError[] => {
    const place = pathOf(issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ field: place, detail: detailOf(issue) }];
    // An object that has no fields at all says more than that there is no such one.
    const detail = issue.message.startsWith('Unrecognized') ? unknownField : issue.message;
    return issue.keys.slice(0, MOST_ERRORS).map((key) => {
      const field = pathOf([...issue.path, key]);
      return { field: field.slice(0, LONGEST_FIELD), detail };
    });
  });
  // Of several the first says what to send; the others would say the same.
  return errors.filter(({ field }, index) => errors.findIndex((other) => other.field === field) === index);
}

/** zod's own words stand only where a schema has none: for a body that is no object. */
const detailOf = (issue: z.core.$ZodIssue): string =>
  issue.path.length === 0 && issue.code === 'invalid_type' ? 'Send a JSON object.' : issue.message;

/** `hours[0].startTime` */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
