import { CheckIcon } from '../icons';
import { useWords } from '../words';

/** What has become of the booking, in a word. */
export function State({ state }: { state: 'confirmed' | 'pending' | 'moved' | 'cancelled' | 'over' }) {
  const { t } = useWords();
  const isGood = state === 'confirmed' || state === 'moved';
  const tone = isGood ? 'state' : state === 'pending' ? 'state warm' : 'state off';
  return (
    <p className={tone}>
      {isGood && <CheckIcon />}
      {t(`visitor.state.${state}`)}
    </p>
  );
}
