/** The mark: three doors, morning, afternoon and evening; the middle one stands open. It leads to the first page. */
export function Mark({ href = '/' }: { href?: string }) {
  return (
    <a className="mark" href={href}>
      <svg viewBox="0 0 26 22" aria-hidden="true">
        <path className="o" d="M0 22V5.5a3.5 3.5 0 0 1 7 0V22zM19 22V5.5a3.5 3.5 0 0 1 7 0V22z" />
        <path d="M9.5 22V5.5a3.5 3.5 0 0 1 7 0V22z" />
      </svg>
      Slotwell
    </a>
  );
}
