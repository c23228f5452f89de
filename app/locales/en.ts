import { accounts } from './en/accounts';
import { desk } from './en/desk';
import { door } from './en/door';
import { mail } from './en/mail';
import { visitor } from './en/visitor';

export const en = { ...visitor, ...desk, ...mail, ...accounts, ...door } as const;
