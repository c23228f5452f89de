import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Instant } from '~/domain/time/instant';
import { ServiceError } from '../service-error';
import { headerText, isPlainAddress } from './header-text';
import type { Message } from './mail';
import type { Outbox, OutboxEntry } from './outbox';

const mailbox = z.object({ name: z.string().optional(), address: z.string() });
const entry = z.object({
  id: z.string(),
  at: z.number(),
  message: z.object({
    to: mailbox,
    replyTo: mailbox.optional(),
    fromName: z.string().optional(),
    subject: z.string(),
    text: z.string(),
    html: z.string(),
    invitation: z.object({ method: z.enum(['REQUEST', 'CANCEL']), content: z.string() }).optional(),
    idempotencyKey: z.string(),
  }),
});

const SUFFIX = '.json';

/**
 * Mail of a machine without a mail service: kept as files, one a message, the newest `keep` of them, and told to the
 * terminal with the first link inside. The same key is kept once. Throws ServiceError('retry') when the disk takes no more.
 */
export function localOutbox({
  folder,
  clock,
  print,
  keep = 200,
}: {
  folder: string;
  clock: () => Instant;
  print: (text: string) => void;
  keep?: number;
}): Outbox {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let kept: readonly OutboxEntry[] = readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .flatMap((name) => readEntry(join(folder, name)))
    .sort((a, b) => b.at - a.at);

  return {
    entries: () => kept,
    async send(message) {
      if (![message.to, message.replyTo].every((box) => box === undefined || isPlainAddress(box.address)))
        throw new ServiceError('give-up', 'not one plain address');
      const id = createHash('sha256').update(message.idempotencyKey).digest('hex').slice(0, 32);
      if (kept.some((one) => one.id === id)) return { providerId: id };
      const made: OutboxEntry = { id, at: clock(), message: { ...message, subject: headerText(message.subject) } };
      await writeWhole(join(folder, id + SUFFIX), JSON.stringify(made)).catch((error: unknown) => {
        throw new ServiceError('retry', 'outbox cannot write', { cause: error });
      });
      const all = [made, ...kept.filter((one) => one.id !== id)];
      kept = all.slice(0, keep);
      await Promise.all(all.slice(keep).map((old) => rm(join(folder, old.id + SUFFIX), { force: true })));
      print(notice(message));
      return { providerId: id };
    },
  };
}

/** A file that is torn or not ours is passed over: it was never promised to anyone. */
function readEntry(path: string): OutboxEntry[] {
  try {
    const parsed = entry.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? [parsed.data] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** After this the file is there whole, or not at all, whatever happens to the machine. */
async function writeWhole(path: string, content: string): Promise<void> {
  const file = await open(`${path}.part`, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}

function notice({ to, subject, text }: Message): string {
  const link = /^https?:\/\/\S+$/m.exec(text)?.[0];
  return [`Mail to ${headerText(to.address)}: ${headerText(subject)}`, ...(link ? [`  ${headerText(link)}`] : [])].join(
    '\n',
  );
}
