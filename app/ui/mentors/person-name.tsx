import { unbreakable } from '~/format/names';

/** A name in running text: isolated, since it may run the other way, and its hyphens hold. */
export function PersonName({ children }: { children: string }) {
  return (
    <bdi>
      {unbreakable(children).map(({ text, whole }, i) =>
        whole ? (
          <span key={i} className="nb">
            {text}
          </span>
        ) : (
          text
        ),
      )}
    </bdi>
  );
}
