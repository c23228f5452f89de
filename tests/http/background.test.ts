import { expect, test } from 'vitest';
import { openBackground } from '~/background.node';

test('a stop waits for work after answers, for what that work starts, and past what fails', async () => {
  const failures: unknown[] = [];
  const { waitUntil, drain } = openBackground((error) => failures.push(error));
  const order: string[] = [];
  let finish = () => {};
  const first = new Promise<void>((resolve) => (finish = resolve)).then(() => {
    order.push('first');
    waitUntil(Promise.resolve().then(() => order.push('second')));
  });
  waitUntil(first);
  waitUntil(Promise.reject(new Error('mail is away')));
  const drained = drain().then(() => order.push('drained'));
  finish();
  await drained;
  expect(order).toEqual(['first', 'second', 'drained']);
  expect(failures).toEqual([new Error('mail is away')]);
});
