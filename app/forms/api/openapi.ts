import { z } from 'zod';
import { API_SCOPES, type ApiScope } from '~/domain/accounts/scopes';
import { OPERATIONS, type Operation, type OperationRefusal } from './operations';

/** A JSON Schema (2020-12), as far as ours go. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly additionalProperties?: boolean | JsonSchema;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface Response {
  readonly description: string;
  readonly headers?: object;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

export interface Refusals {
  readonly [name: string]: { readonly status: number; readonly title: string; readonly advice: string };
}

const TOKEN = 'token';

export const SCOPE_TEXTS: Record<ApiScope, string> = {
  'availability:write': 'Replace the weekly hours.',
  'bookings:read': 'Read the bookings, with names and addresses of those who booked.',
  'bookings:write': 'Cancel bookings.',
};

interface Site {
  readonly origin: string;
  readonly version: string;
  readonly refusals: Refusals & Readonly<Record<OperationRefusal, unknown>>;
}

/** The last one: a site has one, and making it takes some milliseconds. */
let known: { readonly site: Site; readonly document: OpenApiDocument } | undefined;

/** The API for programs (OpenAPI 3.1), from the very schemas by which requests are read. */
export function openApiDocument(site: Site): OpenApiDocument {
  const isKnown =
    known?.site.origin === site.origin && known.site.version === site.version && known.site.refusals === site.refusals;
  if (!isKnown || known === undefined) known = { site, document: describe(site) };
  return known.document;
}

export type OpenApiDocument = ReturnType<typeof describe>;

function describe({ origin, version, refusals }: Site) {
  const paths: Record<string, Record<string, ReturnType<typeof operationObject>>> = {};
  for (const operation of OPERATIONS)
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationObject(operation, refusals) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Slotwell',
      version,
      description: `Free times and bookings of mentors. The page about it: ${origin}/api`,
      // The Validator and its like ask for one or the other; there is none for the software as such.
      license: { name: 'No licence is given', url: `${origin}/api` },
    },
    servers: [{ url: origin }],
    paths,
    components: {
      securitySchemes: {
        [TOKEN]: {
          type: 'http',
          scheme: 'bearer',
          description: `A token that a mentor has made on the desk. Scopes: ${API_SCOPES.map(
            (scope) => `\`${scope}\` (${SCOPE_TEXTS[scope]})`,
          ).join(' ')}`,
        },
      },
      schemas: { Problem: PROBLEM },
    },
  };
}

function operationObject(operation: Operation, refusals: Refusals) {
  const responses: Record<string, Response> = problemsOf(operation.refusals, refusals);
  for (const { status, description, headers, body } of operation.answers)
    responses[String(status)] = {
      description,
      ...(headers ? { headers: headersOf(headers) } : {}),
      ...(body ? { content: { 'application/json': { schema: schemaOf(body, 'output') } } } : {}),
    };
  const { id, summary, description, scope, params, query, body, isNamed } = operation;
  return {
    operationId: id,
    summary,
    description: scope === null ? description : `${description} Needs a token with the scope \`${scope}\`.`,
    ...(scope === null
      ? { security: id === 'listAvailability' ? [{}, { [TOKEN]: [] }] : [] }
      : { security: [{ [TOKEN]: [scope] }] }),
    parameters: [
      ...(params ? parametersOf('path', params) : []),
      ...(query ? parametersOf('query', query) : []),
      ...(isNamed ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body
      ? {
          requestBody: {
            required: body.isRequired,
            content: { 'application/json': { schema: schemaOf(body.schema, 'input'), example: body.example } },
          },
        }
      : {}),
    responses,
  };
}

const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Names the request, so that it is carried out once however often it is sent: for a day the same key and body get the same answer. A key is of one caller (the token; without one the network address).',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' },
};

function parametersOf(place: 'path' | 'query', schema: z.ZodObject): Parameter[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

const headersOf = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );

/** Refusals of one status are one response: their `type` tells them apart. */
function problemsOf(names: readonly string[], refusals: Refusals): Record<string, Response> {
  const byStatus = new Map<number, string[]>();
  for (const name of names) {
    const status = refusals[name]?.status ?? 500;
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      String(status),
      {
        description: ofStatus.map((name) => refusals[name]?.title ?? name).join('; '),
        ...(status === 429 || status === 503 ? { headers: headersOf({ 'Retry-After': 'Seconds.' }) } : {}),
        ...(status === 401 || status === 403 ? { headers: headersOf({ 'WWW-Authenticate': 'RFC 6750.' }) } : {}),
        ...(status === 405 ? { headers: headersOf({ Allow: 'The methods of the address.' }) } : {}),
        content: {
          'application/problem+json': {
            schema: {
              allOf: [
                { $ref: '#/components/schemas/Problem' },
                { properties: { type: { enum: ofStatus.map((name) => `/api#${name}`) } } },
              ],
            },
          },
        },
      },
    ]),
  );
}

/** RFC 9457. */
const PROBLEM = {
  type: 'object',
  description: 'Why a request was refused (RFC 9457).',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Which refusal it is; leads to its explanation.' },
    title: { type: 'string', description: 'The same in words.' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What to do.' },
    errors: {
      type: 'array',
      description: 'Of `invalid-request`, `time-twice` and `time-never`: all fields that have to change.',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, detail: { type: 'string' } },
        required: ['field', 'detail'],
      },
    },
    nearest: {
      type: 'array',
      description: 'Of `slot-taken`: free starts around the one that is gone.',
      items: { type: 'string', format: 'date-time' },
    },
  },
  required: ['type', 'title', 'status'],
} as const;

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...written } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return written as JsonSchema;
}
