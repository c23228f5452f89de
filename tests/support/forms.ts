import { FORM_TOKEN_FIELD, formToken } from '~/http/csrf';

export const keeper = {
  config: {
    secrets: ['a-secret-of-more-than-32-characters-1'] as readonly [string, ...string[]],
    isSecure: false,
  },
};

/** A browser that has opened a form: its cookie, and the token of the form. */
export async function openedForm(app = keeper, cookie?: string) {
  const page = new Request('http://localhost/form', cookie === undefined ? {} : { headers: { Cookie: cookie } });
  const { token, headers } = await formToken(app, page);
  return { token, cookie: cookie ?? headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

export type Fields = readonly (readonly [name: string, value: string | Blob])[];

/** The post of a form, with a good token unless one is given. */
export async function postOf(fields: Fields, { multipart = false } = {}): Promise<Request> {
  const { token, cookie } = await openedForm();
  const all: Fields = [[FORM_TOKEN_FIELD, token], ...fields];
  const body = multipart ? new FormData() : new URLSearchParams();
  for (const [name, value] of all) {
    if (body instanceof FormData) body.append(name, value);
    else body.append(name, String(value));
  }
  return new Request('http://localhost/form', { method: 'POST', body, headers: { Cookie: cookie } });
}
