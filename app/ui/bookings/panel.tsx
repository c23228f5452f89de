import type { ReactNode } from 'react';

/** A part of the page of a booking, under a line of its own. */
export function Panel({
  id,
  title,
  isScreenOnly,
  children,
}: {
  id: string;
  title: string;
  isScreenOnly?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={isScreenOnly ? 'panel stack noprint' : 'panel stack'} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
