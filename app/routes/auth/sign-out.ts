import { redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';
import { z } from 'zod';
import { parseForm } from '~/http/parse-form';
import { readSignIn, signOutCookie } from '~/http/sign-in-cookie';
import { signOut } from '~/usecases/accounts/sign-out';

export async function action({ request, context: { app } }: ActionFunctionArgs) {
  await parseForm(request, app, z.object({}));
  const signIn = await readSignIn(request, app);
  if (signIn) await signOut(app, signIn);
  return redirect('/sign-in', { status: 303, headers: { 'Set-Cookie': await signOutCookie(app) } });
}

/** The address alone signs nobody out. */
export const loader = () => redirect('/desk', 302);
