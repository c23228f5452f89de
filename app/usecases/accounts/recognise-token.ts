import type { App } from '~/context';
import { findTokenHolder, noteTokenUse } from '~/data/accounts';
import { system } from '~/data/actor';
import { sha256Hex } from '~/crypto/hashes';
import type { ApiScope } from '~/domain/accounts/scopes';
import { MINUTE } from '~/domain/time/instant';
import type { ZoneId } from '~/domain/time/zones';
import { zoneOf } from '../slots/situation';

/** A program that calls for a mentor. */
export interface TokenCaller {
  readonly tokenId: string;
  readonly mentorId: string;
  /** The mentor's. */
  readonly zone: ZoneId;
  readonly scopes: readonly ApiScope[];
}

export type TokenRecognition =
  | { readonly kind: 'known'; readonly who: TokenCaller }
  /** Misspelt, made up or revoked. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number };

/** `slotwell_` and 256 bits in base64url: what finds a leaked one in a heap of text knows it. */
export const TOKEN_PREFIX = 'slotwell_';
const TOKEN = /^slotwell_[\w-]{43}$/;

/**
 * Whose a token is, and takes one of its calls. Two round trips. That it was used is noted after the answer, at most
 * once a minute. All that follows is done as the mentor.
 */
export async function recogniseToken(app: App, token: string): Promise<TokenRecognition> {
  if (!TOKEN.test(token)) return { kind: 'unknown' };
  const tokenHash = await sha256Hex(token);
  const actor = system('api');
  const holder = await app.db.read(actor, (tx) => findTokenHolder(tx, tokenHash));
  if (holder === null) return { kind: 'unknown' };
  const { tokenId, mentorId, scopes, lastUsedAt, timeZone } = holder;
  const calls = await app.limits.take([{ limit: 'api-calls', who: tokenId }]);
  if (calls.kind === 'limited') return { kind: 'limited', retryAfterSeconds: calls.retryAfterSeconds };
  const now = app.clock();
  if (lastUsedAt === null || lastUsedAt <= now - MINUTE)
    app.afterwards(() => app.db.writeAtOnce(actor, (tx) => noteTokenUse(tx, tokenId, now, now - MINUTE)));
  return { kind: 'known', who: { tokenId, mentorId, scopes, zone: zoneOf(timeZone) } };
}
