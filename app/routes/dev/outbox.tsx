import type { LoaderFunctionArgs, SerializeFrom } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';
import { findZone, toWall } from '~/domain/time/zones';
import { clockTime, shortDate } from '~/format/dates';
import { isFromThisMachine } from '~/http/loopback';
import { refusalResponse } from '~/http/refusal';
import { Top } from '~/ui/frame/top';
import type { PageHandle } from '~/ui/page-handle';
import { useWords } from '~/ui/words';

export const handle: PageHandle = { title: (t) => `${t('mail.outbox.title')} · Slotwell` };

/** Mail of a machine without a mail service, for whoever sits at it: all of it, or the message of `?message=`. */
export function loader({ request, context: { app, clientAddress } }: LoaderFunctionArgs) {
  if (app.outbox === null || !isFromThisMachine(request, clientAddress)) throw refusalResponse('no-such-address');
  const entries = app.outbox.entries();
  const id = new URL(request.url).searchParams.get('message');
  if (id === null)
    return {
      chosen: null,
      list: entries.map(({ id, at, message: { to, subject } }) => ({ id, at, to: to.address, subject })),
    };
  const entry = entries.find((one) => one.id === id);
  if (entry === undefined) throw refusalResponse('no-such-address');
  const { to, replyTo, fromName, subject, text, invitation } = entry.message;
  const from = { name: fromName ?? 'Slotwell', address: app.config.emailFrom };
  return {
    chosen: { id, at: entry.at, to, from, replyTo: replyTo ?? null, subject, text, method: invitation?.method ?? null },
    list: [],
  };
}

export default function OutboxPage() {
  const { chosen, list } = useLoaderData<typeof loader>();
  const { t } = useWords();
  return (
    <>
      <Top />
      <main id="main" className="wrap">
        <div className="narrow">
          {chosen === null ? (
            <>
              <h1>{t('mail.outbox.title')}</h1>
              <p className="lede">{t('mail.outbox.lead')}</p>
              {list.length === 0 && <p>{t('mail.outbox.empty')}</p>}
              <List list={list} />
            </>
          ) : (
            <Chosen message={chosen} />
          )}
        </div>
      </main>
    </>
  );
}

type Page = SerializeFrom<typeof loader>;

function List({ list }: Pick<Page, 'list'>) {
  return list.map(({ id, at, to, subject }) => (
    <section className="panel" key={id}>
      <a href={`?message=${id}`} dir="auto">
        {subject}
      </a>
      <p className="fine">
        <bdi>{to}</bdi> · <Kept at={at} />
      </p>
    </section>
  ));
}

function Chosen({ message }: { message: NonNullable<Page['chosen']> }) {
  const { t } = useWords();
  const { id, at, to, from, replyTo, subject, text, method } = message;
  const part = (name: string) => `/dev/outbox/${id}?part=${name}`;
  return (
    <>
      <p>
        <a href="/dev/outbox">{t('mail.outbox.back')}</a>
      </p>
      <h1 dir="auto">{subject}</h1>
      <dl className="facts">
        <Fact name={t('mail.outbox.to')} value={boxed(to)} />
        <Fact name={t('mail.outbox.from')} value={boxed(from)} />
        {replyTo && <Fact name={t('mail.outbox.reply-to')} value={boxed(replyTo)} />}
        <div>
          <dt>{t('mail.outbox.at')}</dt>
          <dd>
            <Kept at={at} />
          </dd>
        </div>
      </dl>
      <section className="panel stack">
        <h2>{t('mail.outbox.html')}</h2>
        {/* Nothing runs inside, and its links open beside: their pages let nobody frame them. */}
        <iframe
          src={part('html')}
          title={t('mail.outbox.html')}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          width="640"
          height="640"
          frameBorder="0"
        />
        <p>
          <a href={part('html')}>{t('mail.outbox.open-html')}</a>
        </p>
      </section>
      <section className="panel stack">
        <h2>{t('mail.outbox.text')}</h2>
        <p dir="auto">
          {text.split('\n').map((line, i) => (
            <span key={i}>
              {/^https?:\/\/\S+$/.test(line) ? <a href={line}>{line}</a> : line}
              <br />
            </span>
          ))}
        </p>
      </section>
      {method !== null && (
        <section className="panel stack">
          <h2>{t('mail.outbox.invitation', { method })}</h2>
          <p>
            <a href={part('invitation')}>{t('mail.outbox.open-invitation')}</a>
          </p>
        </section>
      )}
    </>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd dir="auto">{value}</dd>
  </div>
);

const boxed = ({ name, address }: { name?: string; address: string }) => (name ? `${name} <${address}>` : address);

/** The operator's zone is not asked for: logs are in UTC as well. */
function Kept({ at }: { at: number }) {
  const { t, locale } = useWords();
  const utc = findZone('UTC');
  if (utc === undefined) return null;
  const date = shortDate(toWall(utc, at).date, locale);
  return <time>{t('mail.outbox.utc', { date, time: clockTime(at, utc, locale) })}</time>;
}
