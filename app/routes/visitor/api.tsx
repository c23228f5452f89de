import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';
import { API_SCOPES } from '~/domain/accounts/scopes';
import { openApiDocument, SCOPE_TEXTS, type JsonSchema, type OpenApiDocument } from '~/forms/api/openapi';
import { OPERATIONS } from '~/forms/api/operations';
import { API_REFUSALS } from '~/http/api-refusals';
import { Marked } from '~/ui/api/marked';
import { Operation, type FieldView, type OperationView } from '~/ui/api/operation';
import { Top } from '~/ui/frame/top';
import type { PageHandle } from '~/ui/page-handle';
import stylesheet from '~/ui/styles/api.css?url&no-inline';
import { useWords } from '~/ui/words';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: stylesheet }];

export function loader({ context: { app } }: LoaderFunctionArgs) {
  const { siteUrl: origin, version } = app.config;
  const document = openApiDocument({ origin, version, refusals: API_REFUSALS });
  return { operations: operationsOf(document, origin) };
}

/** The page tells what the document tells, so that neither can say more than the other. */
const operationsOf = (document: OpenApiDocument, origin: string): OperationView[] =>
  OPERATIONS.map((operation) => {
    const { path, scope, refusals, isNamed } = operation;
    const described = document.paths[path]?.[operation.method];
    const body = described?.requestBody?.content['application/json'];
    const method = operation.method.toUpperCase();
    return {
      id: operation.id,
      method,
      path,
      summary: operation.summary,
      description: operation.description,
      scope,
      parameters: (described?.parameters ?? []).map(({ name, in: place, required, description = '', schema }) => ({
        name,
        type: `${typeOf(schema)}, ${PLACES[place]}`,
        isRequired: required,
        description,
      })),
      body: body ? fieldsOf(body.schema) : [],
      answers: operation.answers.map(({ status, description }) => ({
        status: String(status),
        description,
        fields: fieldsOf(described?.responses[String(status)]?.content?.['application/json']?.schema ?? {}),
      })),
      refusals,
      example: exampleOf({
        method,
        address: `${origin}${path.replace('{id}', EXAMPLE_ID)}${'exampleQuery' in operation ? operation.exampleQuery : ''}`,
        headers: [
          ...(scope === null ? [] : ['Authorization: Bearer slotwell_…']),
          ...(isNamed ? ['Idempotency-Key: 7f9c2ba4'] : []),
        ],
        body: body?.example,
      }),
    };
  });

const DOCUMENT = '/api/openapi.json';
const EXAMPLE_ID = '018f6a3e-5b8c-4c1d-9c57-2f0f6f6f2a10';
const PLACES = { path: 'in the path', query: 'in the query', header: 'header' };

function exampleOf({
  method,
  address,
  headers,
  body,
}: {
  method: string;
  address: string;
  headers: readonly string[];
  body: object | undefined;
}): string {
  const sent = body === undefined ? headers : [...headers, 'Content-Type: application/json'];
  return [
    `curl ${method === 'GET' || (method === 'POST' && body) ? '' : `-X ${method} `}'${address}'`,
    ...sent.map((header) => `  -H '${header}'`),
    ...(body === undefined ? [] : [`  -d '${JSON.stringify(body, null, 2)}'`]),
  ].join(' \\\n');
}

/** Fields of an object and of what is in it, by their paths. */
function fieldsOf({ properties = {}, required = [] }: JsonSchema, above = ''): FieldView[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = `${above}${key}`;
    const field = {
      name,
      type: typeOf(schema),
      isRequired: required.includes(key),
      description: schema.description ?? '',
    };
    const { items } = schema;
    return [field, ...(items?.properties ? fieldsOf(items, `${name}[].`) : [])];
  });
}

/** 'string, date' · 'integer, 1 to 100' · 'list' · 'confirmed, cancelled or null' */
function typeOf(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const type = [schema.type ?? 'any'].flat().join(' or ');
  const { minimum, maximum, minLength, maxLength, format } = schema;
  const bounds = [
    minimum !== undefined &&
      maximum !== undefined &&
      Number.isSafeInteger(maximum) &&
      maximum < 1e9 &&
      `${minimum} to ${maximum}`,
    maxLength !== undefined &&
      (minLength ? `${minLength} to ${maxLength} characters` : `at most ${maxLength} characters`),
    format,
  ];
  return [type === 'array' ? 'list' : type, ...bounds.filter(Boolean)].join(', ');
}

export const handle: PageHandle = { title: (t) => t('visitor.api.document'), isForEveryone: true };

export default function Api() {
  const { t, locale } = useWords();
  const { operations } = useLoaderData<typeof loader>();
  return (
    <>
      <Top />
      <main id="main" className="wrap api">
        <header>
          <h1>{t('visitor.api.title')}</h1>
          <p className="lede">{t('visitor.api.lede')}</p>
          {locale !== 'en' && <p className="fine">{t('visitor.api.english')}</p>}
          <p>
            {t('visitor.api.document-link')} <a href={DOCUMENT}>{DOCUMENT}</a>
          </p>
        </header>
        <nav aria-label={t('visitor.api.operations')}>
          <ul role="list">
            {operations.map(({ id, method, path, summary }) => (
              <li key={id}>
                <a href={`#${id}`} lang="en">
                  {summary}{' '}
                  <code className="fine">
                    {method} {path}
                  </code>
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <section className="panel stack" aria-labelledby="h-tokens">
          <h2 id="h-tokens">{t('visitor.api.tokens')}</h2>
          <p>
            {t('visitor.api.tokensWhy')} <a href="/desk/api-tokens">{t('visitor.api.tokensLink')}</a>
          </p>
          <dl>
            {API_SCOPES.map((scope) => (
              <div key={scope}>
                <dt>
                  <code>{scope}</code>
                </dt>
                <dd lang="en">{SCOPE_TEXTS[scope]}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section className="panel stack" aria-labelledby="h-rules">
          <h2 id="h-rules">{t('visitor.api.rules')}</h2>
          <p>{t('visitor.api.rules.json')}</p>
          <p>{t('visitor.api.rules.again')}</p>
        </section>
        {operations.map((operation) => (
          <Operation key={operation.id} operation={operation} />
        ))}
        <section className="panel refused" aria-labelledby="h-refusals">
          <h2 id="h-refusals">{t('visitor.api.refusals')}</h2>
          <p>{t('visitor.api.refusalsWhy')}</p>
          <dl>
            {Object.entries(API_REFUSALS).map(([name, { status, title, advice }]) => (
              <div key={name} id={name}>
                <dt>
                  <code>{name}</code> <span className="fine">{status}</span>
                </dt>
                <dd lang="en">
                  {title}. <Marked text={advice} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </main>
    </>
  );
}
