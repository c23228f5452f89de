import type { ReactNode } from 'react';
import { initialsOf } from '~/format/names';

/** Drawings that stand for a person, with the palette (`.pt.…`) each is coloured by. */
const DRAWINGS: Readonly<Record<string, { readonly palette: string; readonly shapes: ReactNode }>> = {
  'drawing-1': {
    palette: '',
    shapes: (
      <>
        <path className="h" d="M25 84V50c0-18 10-27 23-27s23 9 23 27v34c-8 4-38 4-46 0z" />
        <path className="s" d="M40 66h16v20c0 5-16 5-16 0z" />
        <path className="c" d="M4 114c0-23 14-31 34-33 4 7 16 7 20 0 20 2 34 10 34 33z" />
        <ellipse className="s" cx="48" cy="54" rx="16" ry="20" />
        <path className="h" d="M30 56c0-20 8-28 20-28s17 10 17 24c-8-1-15-6-18-13-3 8-10 14-19 17z" />
      </>
    ),
  },
  'drawing-2': {
    palette: 'b',
    shapes: (
      <>
        <path className="s" d="M39 64h18v20c0 6-18 6-18 0z" />
        <path className="c" d="M2 114c0-22 14-31 36-34l10 8 10-8c22 3 36 12 36 34z" />
        <ellipse className="s" cx="48" cy="51" rx="17" ry="21" />
        <path className="h" d="M31 54c0 12 6 24 17 24s17-12 17-24c-3 8-8 9-17 9s-14-1-17-9z" />
        <path className="h" d="M30 52c-3-18 4-29 19-29 13 0 21 9 17 29-2-8-4-12-8-14-8 3-18 2-22 0-3 3-5 7-6 14z" />
      </>
    ),
  },
  'drawing-3': {
    palette: 'c',
    shapes: (
      <>
        <circle className="h" cx="48" cy="41" r="27" />
        <path className="s" d="M40 64h16v20c0 6-16 6-16 0z" />
        <path className="c" d="M4 114c0-23 13-30 33-33 5 8 17 8 22 0 20 3 33 10 33 33z" />
        <ellipse className="s" cx="48" cy="53" rx="16" ry="20" />
        <path className="h" d="M31 50c2-14 9-18 17-18s15 4 17 18c-6-7-28-7-34 0z" />
      </>
    ),
  },
  'drawing-4': {
    palette: 'e',
    shapes: (
      <>
        <circle className="h" cx="48" cy="21" r="10" />
        <path className="s" d="M40 64h16v20c0 6-16 6-16 0z" />
        <path className="c" d="M4 114c0-23 14-31 32-34 3 4 21 4 24 0 18 3 32 11 32 34z" />
        <ellipse className="s" cx="48" cy="52" rx="16" ry="20" />
        <path className="h" d="M31 54c-2-17 5-27 17-27s19 10 17 27c-3-9-8-14-17-14s-14 5-17 14z" />
      </>
    ),
  },
  'drawing-5': {
    palette: 'c',
    shapes: (
      <>
        <path className="h" d="M24 104c2-16 0-32 2-50 2-20 10-31 22-31s20 11 22 31c2 18 0 34 2 50z" />
        <path className="s" d="M40 66h16v20c0 6-16 6-16 0z" />
        <path className="c" d="M4 114c0-22 14-30 33-33 5 9 17 9 22 0 19 3 33 11 33 33z" />
        <ellipse className="s" cx="48" cy="53" rx="16" ry="20" />
        <path className="h" d="M31 54c1-16 7-24 17-25 10 1 16 9 17 25-4-5-12-9-17-18-5 9-13 13-17 18z" />
      </>
    ),
  },
};

/** An arch with the person's drawing, or initials when there is none. Says nothing that the name beside it does not. */
export function Portrait({ photo, name, size }: { photo: string | null; name: string; size?: 'xl' }) {
  const drawing = photo === null ? undefined : DRAWINGS[photo];
  const classes = ['pt', drawing ? drawing.palette : 'd', size].filter(Boolean).join(' ');
  if (!drawing)
    return (
      <span className={classes} aria-hidden="true">
        {initialsOf(name)}
      </span>
    );
  return (
    <span className={classes}>
      <svg viewBox="0 0 96 112" aria-hidden="true">
        {drawing.shapes}
      </svg>
    </span>
  );
}
