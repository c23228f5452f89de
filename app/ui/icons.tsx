import type { ReactNode } from 'react';

const Icon = ({ flip = false, children }: { flip?: boolean; children: ReactNode }) => (
  <svg className={flip ? 'icon flip' : 'icon'} viewBox="0 0 16 16" aria-hidden="true">
    {children}
  </svg>
);

/** Towards what came before; mirrored where text runs from the right. */
export const BackIcon = () => (
  <Icon flip>
    <path d="M10 3 5 8l5 5" />
  </Icon>
);

/** Towards what comes next; mirrored where text runs from the right. */
export const OnIcon = () => (
  <Icon flip>
    <path d="m6 3 5 5-5 5" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m3 3 10 10M13 3 3 13" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m3 8.5 3.5 3.5L13 4.5" />
  </Icon>
);
