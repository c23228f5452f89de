import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { open as openFile, rename, rm } from 'node:fs/promises';
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
  onMade = () => undefined,
  keep = 200,
}: {
  folder: string;
  clock: () => Instant;
  print: (text: string) => void;
  /** Hears the path of each file and folder of the outbox, to see whose they are. */
  onMade?: (path: string) => void;
  keep?: number;
}): Outbox {
  const paths = open(folder);
  const found = paths.map(readEntry);
  for (const path of [folder, ...paths]) onMade(path);
  const closed = found.filter((one) => one === 'closed').length;
  if (closed > 0) print(`${folder}: ${closed} of ${paths.length} messages cannot be read and are passed over.`);
  let kept: readonly OutboxEntry[] = found.filter((one) => typeof one === 'object').sort((a, b) => b.at - a.at);

  return {
    entries: () => kept,
    async send(message) {
      if (![message.to, message.replyTo].every((box) => box === undefined || isPlainAddress(box.address)))
        throw new ServiceError('give-up', 'not one plain address');
      const id = createHash('sha256').update(message.idempotencyKey).digest('hex').slice(0, 32);
      if (kept.some((one) => one.id === id)) return { providerId: id };
      const made: OutboxEntry = { id, at: clock(), message: { ...message, subject: headerText(message.subject) } };
      await writeWhole(join(folder, id + SUFFIX), JSON.stringify(made), onMade).catch((error: unknown) => {
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

/** Makes the folder unless it is there; gives the paths of its messages. */
function open(folder: string): string[] {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => join(folder, name));
  } catch (cause) {
    throw new Error(
      `${folder} cannot be used (${(cause as Error).message}): give it to the user who runs the server.`,
      {
        cause,
      },
    );
  }
}

/** A file that is torn or not ours is passed over: it was never promised to anyone. */
function readEntry(path: string): OutboxEntry | 'strange' | 'closed' {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return 'closed';
  }
  try {
    return entry.safeParse(JSON.parse(text)).data ?? 'strange';
  } catch {
    return 'strange';
  }
}

/** After this the file is there whole, or not at all, whatever happens to the machine. */
async function writeWhole(path: string, content: string, onMade: (path: string) => void): Promise<void> {
  const file = await openFile(`${path}.part`, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  onMade(`${path}.part`);
  await rename(`${path}.part`, path);
}

function notice({ to, subject, text }: Message): string {
  const link = /^https?:\/\/\S+$/m.exec(text)?.[0];
  return [`Mail to ${headerText(to.address)}: ${headerText(subject)}`, ...(link ? [`  ${headerText(link)}`] : [])].join(
    '\n',
  );
}
