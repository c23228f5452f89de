import { Strategy } from 'remix-auth/strategy';
import type { z } from 'zod';
import type { FormKeeper } from './csrf';
import { parseForm, type FormSubmission } from './parse-form';

/**
 * Signs in by a posted form. `Authenticator.authenticate` copies the request, so its body is read here and nowhere
 * before. `verify` tells by its outcome what came of it; only refusals of the form itself are thrown.
 */
export class FormStrategy<Outcome, Schema extends z.ZodType> extends Strategy<Outcome, FormSubmission<Schema>> {
  override readonly name = 'form';

  constructor(
    private readonly app: FormKeeper,
    private readonly schema: Schema,
    verify: (submission: FormSubmission<Schema>) => Promise<Outcome>,
  ) {
    super(verify);
  }

  override async authenticate(request: Request): Promise<Outcome> {
    return this.verify(await parseForm(request, this.app, this.schema));
  }
}
