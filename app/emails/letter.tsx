import { renderToStaticMarkup } from 'react-dom/server.browser';
import { plainLines } from '~/format/plain-text';
import { translator, type Locale } from '~/locales/translator';

export interface LetterLink {
  readonly label: string;
  readonly href: string;
}

/** What a mail says, in order: the one source of its HTML and of its plain text. Every text but the quote is one line. */
export interface Letter {
  readonly locale: Locale;
  readonly subject: string;
  readonly title: string;
  readonly lead: readonly string[];
  /** To be read off and typed. */
  readonly code?: string;
  readonly facts?: readonly { readonly label: string; readonly value: string; readonly isOff?: boolean }[];
  readonly action?: LetterLink;
  readonly actionNote?: string;
  /** Words of somebody else, as they were typed. */
  readonly quote?: { readonly label: string; readonly text: string };
  readonly links?: readonly LetterLink[];
  readonly closing: readonly string[];
  readonly siteUrl: string;
}

export interface RenderedLetter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The same letter gives the same bytes: a repeated sending is the same message to the provider. */
export function renderLetter(letter: Letter): RenderedLetter {
  return {
    subject: letter.subject,
    text: asText(letter),
    html: `<!doctype html>${renderToStaticMarkup(<LetterPage {...letter} />)}\n`,
  };
}

/** An address stands alone on its line, so that no client takes a neighbour's letters into it. */
function asText({
  title,
  lead,
  code,
  facts = [],
  action,
  actionNote,
  quote,
  links = [],
  closing,
  ...rest
}: Letter): string {
  const paragraphs = [
    [title],
    lead,
    code === undefined ? [] : [code],
    facts.map(({ label, value }) => `${label}: ${value}`),
    action === undefined ? [] : [`${action.label}:`, action.href, ...(actionNote === undefined ? [] : [actionNote])],
    quote === undefined ? [] : [`${quote.label}:`, ...linesOf(quote.text).map((line) => `> ${line}`)],
    ...links.map(({ label, href }) => [`${label}:`, href]),
    ['--', ...closing, sentBy(rest)],
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function LetterPage(letter: Letter) {
  const { locale, subject, title, lead, code, facts = [], action, actionNote, quote, links = [], closing } = letter;
  return (
    <html lang={locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{subject}</title>
        <style>{CSS}</style>
      </head>
      <body>
        <table role="presentation" className="sheet" width="100%" cellPadding={0} cellSpacing={0}>
          <tbody>
            <tr>
              <td>
                <h1>{title}</h1>
                {lead.map((text) => (
                  <p key={text}>{text}</p>
                ))}
                {code !== undefined && <p className="code">{code}</p>}
                {facts.length > 0 && <Facts facts={facts} />}
                {action && (
                  <p>
                    <a className="button" href={action.href}>
                      {action.label}
                    </a>
                  </p>
                )}
                {actionNote !== undefined && <p className="small">{actionNote}</p>}
                {quote && (
                  <>
                    <p className="label">{quote.label}</p>
                    <blockquote dir="auto">
                      {linesOf(quote.text).map((line, i) => (
                        <div key={i}>{line || '\u00A0'}</div>
                      ))}
                    </blockquote>
                  </>
                )}
                {links.length > 0 && (
                  <p>
                    {links.map(({ label, href }, i) => (
                      <span key={href}>
                        {i > 0 && <br />}
                        <a href={href}>{label}</a>
                      </span>
                    ))}
                  </p>
                )}
                <hr />
                {[...closing, sentBy(letter)].map((text) => (
                  <p className="small" key={text}>
                    {text}
                  </p>
                ))}
              </td>
            </tr>
          </tbody>
        </table>
      </body>
    </html>
  );
}

const Facts = ({ facts }: { facts: NonNullable<Letter['facts']> }) => (
  <table className="facts" cellPadding={0} cellSpacing={0}>
    <tbody>
      {facts.map(({ label, value, isOff }) => (
        <tr key={label}>
          <th scope="row">{label}</th>
          <td dir="auto">{isOff ? <s>{value}</s> : value}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const linesOf = (text: string): string[] => plainLines(text).trim().split('\n');

const sentBy = ({ locale, siteUrl }: Pick<Letter, 'locale' | 'siteUrl'>): string =>
  translator(locale)('mail.sent-by', { site: siteUrl });

/**
 * In the head, where clients that read it keep it; those that throw it away show plain, ordered text. No quotation
 * marks or brackets of markup: React writes them as entities, which a style sheet takes at their letters.
 */
const CSS = `
body { margin: 0; background: #f5f4ef; color: #18201d; font: 16px/1.55 -apple-system, Segoe UI, Roboto, Noto Sans, Apple SD Gothic Neo, Malgun Gothic, sans-serif; word-break: keep-all; overflow-wrap: anywhere }
.sheet { max-width: 560px; margin: 0 auto }
.sheet td { padding: 8px 20px 24px }
h1 { margin: 24px 0 12px; font: 400 26px/1.2 Iowan Old Style, Palatino Linotype, Palatino, Noto Serif, Georgia, serif }
h1:lang(ko) { font: 700 22px/1.35 Apple SD Gothic Neo, Malgun Gothic, Noto Sans KR, sans-serif }
p { margin: 0 0 12px }
a { color: #0d5846 }
.facts { width: 100%; margin: 16px 0; border-top: 1px solid #d8d7cd }
.facts th, .facts td { padding: 8px 12px 8px 0; border-bottom: 1px solid #d8d7cd; text-align: start; vertical-align: top; font-weight: 400 }
.facts th { width: 34%; color: #48524d }
.button { display: inline-block; padding: 11px 20px; border-radius: 10px; background: #0d5846; color: #ffffff; font-weight: 600; text-decoration: none }
.code { font: 600 32px/1.2 ui-monospace, Menlo, Consolas, monospace; letter-spacing: 6px }
.label, .small { color: #48524d; font-size: 14px }
blockquote { margin: 0 0 16px; padding: 2px 0 2px 14px; border-left: 3px solid #d8d7cd }
hr { margin: 20px 0 12px; border: 0; border-top: 1px solid #d8d7cd }
@media (prefers-color-scheme: dark) {
body { background: #111614; color: #eceee8 }
a { color: #8ad3b7 }
.facts, .facts th, .facts td, blockquote, hr { border-color: #303934 }
.facts th, .label, .small { color: #b5beb8 }
.button { background: #8ad3b7; color: #06241b }
}
`;
