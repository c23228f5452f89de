import { createCookieSessionStorage } from '@remix-run/cloudflare';
import { z } from 'zod';
import type { Secrets } from '~/crypto/signatures';
import { cookieName, signedCookieHeader } from './cookies';

/** What the cookie proves. It holds ids only: a browser can read it, and it may not grow. */
export interface SignIn {
  readonly accountId: string;
  /** Null for accounts that offer no time, such as an administrator's. */
  readonly mentorId: string | null;
  /** Good as long as the account has the same version: raising it ends every sign-in at once. */
  readonly signInVersion: number;
}

interface SignInKeeper {
  readonly config: { readonly secrets: Secrets; readonly isSecure: boolean };
}

const signInShape = z.object({ accountId: z.uuid(), mentorId: z.uuid().nullable(), signInVersion: z.int() });
const FIELD = 'signIn';
const THIRTY_DAYS = 30 * 86_400;

/** Who is signed in by this request's cookie, as it says: the version is still to be compared with the account's. */
export async function readSignIn(request: Request, app: SignInKeeper): Promise<SignIn | null> {
  const kept = await storage(app).getSession(signedCookieHeader(request, signInName(app)));
  return signInShape.safeParse(kept.get(FIELD)).data ?? null;
}

/** The `Set-Cookie` value that signs in, for thirty days. */
export async function signInCookie(app: SignInKeeper, signIn: SignIn): Promise<string> {
  const { getSession, commitSession } = storage(app);
  const kept = await getSession();
  kept.set(FIELD, signIn);
  return commitSession(kept);
}

/** The `Set-Cookie` value that signs out. */
export async function signOutCookie(app: SignInKeeper): Promise<string> {
  const { getSession, destroySession } = storage(app);
  return destroySession(await getSession());
}

const signInName = (app: SignInKeeper) => cookieName('slotwell', app);

function storage(app: SignInKeeper) {
  return createCookieSessionStorage({
    cookie: {
      name: signInName(app),
      secrets: [...app.config.secrets],
      httpOnly: true,
      secure: app.config.isSecure,
      sameSite: 'lax',
      path: '/',
      maxAge: THIRTY_DAYS,
    },
  });
}
