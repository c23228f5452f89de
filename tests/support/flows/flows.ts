import { afterwards } from './afterwards';
import { booking } from './booking';
import { changing } from './changing';
import { desk } from './desk';
import { door } from './door';
import type { Flow } from './flow';
import { looking } from './looking';
import { programs } from './programs';

/**
 * Everything that visitors and mentors do, as plain form posts without script, and what their programs do. Every home runs all of it, from this
 * one list: what is added here is proven in each.
 */
export const flows: readonly Flow[] = [
  ...looking,
  ...booking,
  ...changing,
  ...desk,
  ...programs,
  ...afterwards,
  ...door,
];
