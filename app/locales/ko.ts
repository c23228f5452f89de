import { accounts } from './ko/accounts';
import { desk } from './ko/desk';
import { door } from './ko/door';
import { mail } from './ko/mail';
import { visitor } from './ko/visitor';
import type { Messages } from './messages';

export const ko = { ...visitor, ...desk, ...mail, ...accounts, ...door } satisfies Messages;
