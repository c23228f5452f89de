import { redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';
import { z } from 'zod';
import { parseForm } from '~/http/parse-form';
import { signOutCookie } from '~/http/sign-in-cookie';

export async function action({ request, context: { app } }: ActionFunctionArgs) {
  await parseForm(request, app, z.object({}));
  return redirect('/sign-in', { status: 303, headers: { 'Set-Cookie': await signOutCookie(app) } });
}

/** The address alone signs nobody out. */
export const loader = () => redirect('/desk', 302);
