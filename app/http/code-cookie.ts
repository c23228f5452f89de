import { createCookie } from '@remix-run/cloudflare';
import { z } from 'zod';
import type { Secrets } from '~/crypto/signatures';
import { cookieName, signedCookieHeader } from './cookies';

/** Which address a browser has asked a sign-in code for, and where to go with it. */
export interface AskedCode {
  readonly email: string;
  readonly next: string;
}

interface Keeper {
  readonly config: { readonly secrets: Secrets; readonly isSecure: boolean };
}

const askedShape = z.object({ email: z.string(), next: z.string() });
const HALF_AN_HOUR = 1_800;

const codeName = (app: Keeper) => cookieName('code-asked', app);

/** Kept by the browser that asked: a code typed anywhere else signs nobody in. */
const cookieOf = (app: Keeper) =>
  createCookie(codeName(app), {
    secrets: [...app.config.secrets],
    httpOnly: true,
    secure: app.config.isSecure,
    sameSite: 'lax',
    path: '/',
    maxAge: HALF_AN_HOUR,
  });

export async function readAskedCode(request: Request, app: Keeper): Promise<AskedCode | null> {
  return askedShape.safeParse(await cookieOf(app).parse(signedCookieHeader(request, codeName(app)))).data ?? null;
}

/** The `Set-Cookie` value that keeps what was asked for. */
export const askedCodeCookie = (app: Keeper, asked: AskedCode): Promise<string> => cookieOf(app).serialize(asked);

/** The `Set-Cookie` value that forgets it. */
export const forgetAskedCode = (app: Keeper): Promise<string> => cookieOf(app).serialize('', { maxAge: 0 });
