import type { App } from '~/context';
import {
  countApiTokens,
  findApiTokenByHash,
  insertApiToken,
  lockApiTokens,
  revokeApiToken as revoke,
} from '~/data/accounts';
import { mentor } from '~/data/actor';
import { recordAudit } from '~/data/audit';
import { sha256Hex } from '~/crypto/hashes';
import { sign } from '~/crypto/signatures';
import type { ApiScope } from '~/domain/accounts/scopes';
import { TOKEN_PREFIX } from './recognise-token';

/** Tokens of one mentor that work at the same time. */
export const MOST_TOKENS = 20;

export interface TokenWish {
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  /** The token of the form that asks: has 128 random bits that nobody else knows. */
  readonly formToken: string;
}

export type TokenMade =
  /** To be shown, and then known to nobody here. */
  | { readonly kind: 'made'; readonly token: string }
  /** What this very form has made is revoked already. */
  | { readonly kind: 'revoked' }
  | { readonly kind: 'too-many' };

/**
 * Makes a token: `slotwell_` and an HMAC-SHA-256 (256 bits, base64url) of the form and what it asks for, of which only a
 * hash is kept. So the same form sent twice makes one token and shows it both times, and neither the secret nor the
 * database alone gives it away.
 */
export async function makeApiToken(app: App, mentorId: string, wish: TokenWish): Promise<TokenMade> {
  const { name, scopes, formToken } = wish;
  const asked = JSON.stringify(['api-token', mentorId, formToken, name, scopes]);
  const token = `${TOKEN_PREFIX}${await sign(app.config.secrets, asked)}`;
  const tokenHash = await sha256Hex(token);
  const now = app.clock();
  const actor = mentor(mentorId);
  return app.db.write(actor, async (tx): Promise<TokenMade> => {
    const [, earlier, count] = await Promise.all([
      lockApiTokens(tx, mentorId),
      findApiTokenByHash(tx, tokenHash),
      countApiTokens(tx, mentorId),
    ]);
    if (earlier) return earlier.revokedAt === null ? { kind: 'made', token } : { kind: 'revoked' };
    if (count >= MOST_TOKENS) return { kind: 'too-many' };
    const id = crypto.randomUUID();
    await Promise.all([
      insertApiToken(tx, { id, mentorId, name, tokenHash, scopes: [...scopes], createdAt: now }),
      recordAudit(tx, actor, now, {
        action: 'api-token.made',
        subjectType: 'api-token',
        subjectId: id,
        details: { scopes: scopes.join(' ') },
      }),
    ]);
    return { kind: 'made', token };
  });
}

/** Ends a token for good: the next call with it is refused. Revoking twice changes nothing. */
export async function revokeApiToken(app: App, mentorId: string, tokenId: string): Promise<void> {
  const now = app.clock();
  const actor = mentor(mentorId);
  await app.db.write(actor, async (tx) => {
    if (!(await revoke(tx, mentorId, tokenId, now))) return;
    await recordAudit(tx, actor, now, { action: 'api-token.revoked', subjectType: 'api-token', subjectId: tokenId });
  });
}
