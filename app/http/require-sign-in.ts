import { redirect } from '@remix-run/cloudflare';
import { readSignIn, type SignIn } from './sign-in-cookie';

type SignInReader = Parameters<typeof readSignIn>[1];

/**
 * Whoever is signed in, as `recognise` knows them. Throws a redirect to the sign-in page, which leads back to this
 * address, when nobody is or when their sign-in has been ended.
 */
export async function requireSignIn<App extends SignInReader, Who>(
  request: Request,
  app: App,
  recognise: (app: App, signIn: SignIn) => Promise<Who | null>,
): Promise<Who> {
  const signIn = await readSignIn(request, app);
  const who = signIn === null ? null : await recognise(app, signIn);
  if (who !== null) return who;
  const { pathname, search } = new URL(request.url);
  throw redirect(`/sign-in?${new URLSearchParams({ next: pathname + search })}`, 303);
}

/** Where to go after signing in: an address of the desk, whatever was asked for. */
export function deskAddress(asked: string | null | undefined): string {
  const here = 'http://desk.invalid';
  const url = URL.canParse(asked ?? '', here) ? new URL(asked ?? '', here) : null;
  return url?.origin === here && /^\/desk(?:\/|$)/.test(url.pathname) ? url.pathname + url.search : '/desk';
}
