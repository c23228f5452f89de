import { sha256Hex } from '~/crypto/hashes';
import type { ApiScope } from '~/domain/accounts/scopes';
import { SITE, type Scene, type SceneMentor } from './scene';
import type { Served } from './server';

export const ALL_SCOPES: readonly ApiScope[] = ['availability:write', 'bookings:read', 'bookings:write'];

/** A token that works, put into the database past the desk. */
export async function giveToken(
  { database }: Pick<Scene, 'database'>,
  of: Pick<SceneMentor, 'id'>,
  scopes: readonly ApiScope[] = ALL_SCOPES,
): Promise<string> {
  const token = `slotwell_${crypto.randomUUID().replaceAll('-', '')}${'A'.repeat(11)}`;
  await database.owner(
    `insert into api_tokens (id, mentor_id, name, token_hash, scopes, created_at) values ($1, $2, 'Test', $3, $4, '2026-03-01')`,
    [crypto.randomUUID(), of.id, await sha256Hex(token), scopes],
  );
  return token;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the body; null without one. */
  readonly json: Readonly<Record<string, unknown>> | null;
  readonly text: string;
}

export interface ApiCall {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string;
  readonly address?: string;
}

/** Calls the API as a program does: without cookies, origin or fetch metadata. */
export async function call(
  { fetch }: Pick<Served, 'fetch'>,
  method: string,
  path: string,
  { token, headers, body, address }: ApiCall = {},
): Promise<ApiAnswer> {
  const response = await fetch(
    new Request(new URL(path, SITE), {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
    address,
  );
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text === '' ? null : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** `type` and `status` of a refusal, with the fields that it names. */
export const refusalOf = ({ status, json }: ApiAnswer) => ({
  status,
  type: json?.type,
  fields: ((json?.errors ?? []) as { field: string }[]).map(({ field }) => field),
});
