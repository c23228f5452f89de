import type { Submission } from '@conform-to/react';
import { parseWithZod } from '@conform-to/zod/v4';
import type { z } from 'zod';
import { FORM_TOKEN_FIELD, isOwnToken, type FormKeeper } from './csrf';
import { FIELD_LIMIT, guardOf, findIntent } from './form-guard';
import { refusalResponse } from './refusal';

const INTENT_FIELD = '__intent__';

/** What was posted, checked; `formToken` is the form's own token, for `requestKeyOf`. */
export type FormSubmission<Schema extends z.ZodType> = Submission<z.input<Schema>, string[], z.output<Schema>> & {
  readonly formToken: string;
};

/**
 * The only way to read a form. Admits the fields that the schema knows (texts; others are dropped),
 * takes NUL out, and gives Conform's submission: `success` with a value, `error`, or neither when a
 * list button was pressed. Throws refusals: 400 `bad-form` (unreadable, over 500 fields, a forged
 * intent, one field twice), 403 `stale-form` (token missing, of another browser, or this browser keeps no cookies).
 */
export async function parseForm<Schema extends z.ZodType>(
  request: Request,
  app: FormKeeper,
  schema: Schema,
): Promise<FormSubmission<Schema>> {
  const posted = await readFields(request);
  const formToken = posted.find(([name]) => name === FORM_TOKEN_FIELD)?.[1] ?? '';
  if (!(await isOwnToken(app, request, formToken))) throw refusalResponse('stale-form');

  const guard = guardOf(schema);
  const admitted = new FormData();
  for (const [name, value] of posted) {
    if (!guard.names.test(name)) continue;
    // Given back to a page, two values of one field would be a list where it expects a text.
    if (admitted.has(name) && !guard.repeated.test(name)) throw refusalResponse('bad-form');
    admitted.append(name, value.replaceAll('\0', ''));
  }
  const asked = posted.find(([name]) => name === INTENT_FIELD)?.[1];
  if (asked) {
    const intent = findIntent(guard, asked);
    if (intent === undefined) throw refusalResponse('bad-form');
    admitted.set(INTENT_FIELD, intent);
  }
  return Object.assign(parseWithZod(admitted, { schema }), { formToken });
}

async function readFields(request: Request): Promise<(readonly [string, string])[]> {
  let form: FormData;
  try {
    form = await request.formData();
  } catch (cause) {
    // The door has the whole body in memory, so what fails here is its form. (Both runtimes throw TypeError.)
    if (cause instanceof TypeError) throw refusalResponse('bad-form');
    throw cause;
  }
  const fields = [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
  if (fields.length > FIELD_LIMIT) throw refusalResponse('bad-form');
  return fields;
}
