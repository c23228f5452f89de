import { useWords } from '../words';

export interface Step {
  readonly label: string;
  /** What was chosen, or what is to be done. */
  readonly value: string;
  readonly state: 'done' | 'current' | 'to-come';
  /** Where to change it; without one it cannot be reached from here. */
  readonly href?: string | undefined;
}

/** The steps are the summary: each shows what was chosen, leads back to it, and stays in view. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const { t } = useWords();
  return (
    <nav className="stay" aria-label={t('visitor.steps')}>
      <ol className="steps" role="list">
        {steps.map((step, i) => {
          const inside = (
            <>
              {i + 1} {step.label} <span className="v">{step.value}</span>
            </>
          );
          return (
            <li
              key={step.label}
              className={step.state === 'done' ? 'done' : undefined}
              aria-current={step.state === 'current' ? 'step' : undefined}
            >
              {step.href === undefined ? <span>{inside}</span> : <a href={step.href}>{inside}</a>}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
