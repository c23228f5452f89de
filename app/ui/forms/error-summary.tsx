import type { ReactNode } from 'react';

export interface Problem {
  /** Id of the control to mend. */
  readonly target: string;
  readonly text: string;
}

/** What went wrong, at the top, with a link to each place. Takes the focus when the page opens, without script. */
export function ErrorSummary({
  title,
  problems = [],
  children,
}: {
  title: string;
  problems?: readonly Problem[];
  children?: ReactNode;
}) {
  return (
    <div className="alert" role="alert" tabIndex={-1} autoFocus aria-labelledby="problems">
      <h2 id="problems">{title}</h2>
      {problems.length > 0 && (
        <ul role="list">
          {problems.map(({ target, text }) => (
            <li key={target}>
              <a href={`#${target}`}>{text}</a>
            </li>
          ))}
        </ul>
      )}
      {children}
    </div>
  );
}
