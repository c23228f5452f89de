import type { ReactNode } from 'react';

/** A narrow page for when something is not as it should be: what happened, what was kept, what next. */
export function Calm({ title, lede, children }: { title: string; lede: string; children?: ReactNode }) {
  return (
    <div className="narrow">
      <svg className="doors" viewBox="0 0 26 22" aria-hidden="true">
        <path d="M0 22V5.5a3.5 3.5 0 0 1 7 0V22zM9.5 22V5.5a3.5 3.5 0 0 1 7 0V22zM19 22V5.5a3.5 3.5 0 0 1 7 0V22z" />
      </svg>
      <h1>{title}</h1>
      <p className="lede">{lede}</p>
      {children}
    </div>
  );
}
