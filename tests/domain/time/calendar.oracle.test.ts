import { expect, test } from 'vitest';
import { dateOfDay, dayNumber, getLocalDate } from '~/domain/time/local-date';

const DAY = 86_400_000;

test('every date from 1970 to 2999 is what the Gregorian calendar of the runtime says', () => {
  for (let day = 0; day * DAY < Date.UTC(3000, 0, 1); day += 1) {
    const date = new Date(day * DAY).toISOString().slice(0, 10);
    if (dateOfDay(day) !== date || dayNumber(getLocalDate(date)) !== day) expect.fail(`${day} is not ${date}`);
  }
});
