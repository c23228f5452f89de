import { openDatabase } from '~/data/database';
import { compose, type Platform } from '~/compose';
import type { App } from '~/context';
import { system } from '~/data/actor';
import type { Instant } from '~/domain/time/instant';
import type { Message } from '~/services/mail/mail';
import type { Outbox, OutboxEntry } from '~/services/mail/outbox';
import { accounts, mentorAvailability, mentorAvailabilityOverrides, mentors, sessionTypes } from '~db/schema';
import { freshDatabase, type TestDatabase } from './database';

export const SITE = 'http://localhost:3000';
export const TEST_VARIABLES = {
  SITE_URL: SITE,
  SESSION_SECRET: 'a-secret-of-tests-that-is-long-enough-0123456789',
  EMAIL_FROM: 'bookings@slotwell.example',
};

export interface MentorWish {
  slug?: string;
  name?: string;
  zone?: string;
  /** 'Mon-Fri 9-17, Sat 10:30-12' in the mentor's zone. */
  hours?: string;
  type?: Partial<typeof sessionTypes.$inferInsert>;
  /** Special days; null closes the date. */
  overrides?: { date: string; range: [start: string, end: string] | null; reason?: string }[];
}

export interface SceneMentor {
  readonly id: string;
  readonly accountId: string;
  readonly email: string;
  readonly slug: string;
  readonly typeId: string;
  readonly typeSlug: string;
}

export interface Scene {
  readonly app: App;
  readonly database: TestDatabase;
  readonly mentor: SceneMentor;
  /** Mail that was sent, oldest first. */
  readonly sent: readonly Message[];
  /** Moves the clock, to an instant or by milliseconds. */
  at(moment: string | Instant): void;
  /** Waits for everything that goes on after answers. */
  settled(): Promise<void>;
  addMentor(wish: MentorWish): Promise<SceneMentor>;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A fresh database with one mentor, and the application over it with a clock that stands still. */
export async function scene(
  wish: MentorWish & {
    now?: string;
    variables?: Record<string, string>;
    composer?: typeof compose;
    onEnqueued?: (runAt: Instant) => void;
    /** A fresh one, unless given. */
    database?: TestDatabase;
  } = {},
): Promise<Scene> {
  const database = wish.database ?? (await freshDatabase());
  let now = Date.parse(wish.now ?? '2026-03-02T00:00:00Z');
  const sent: Message[] = [];
  const entries: OutboxEntry[] = [];
  const outbox: Outbox = {
    entries: () => entries,
    async send(message) {
      sent.push(message);
      const id = crypto.randomUUID();
      entries.unshift({ id, at: now, message });
      return { providerId: id };
    },
  };
  const afterwards = new Set<Promise<unknown>>();
  const platform: Platform = {
    wire: database.wire,
    clock: () => now,
    waitUntil: (work) => {
      afterwards.add(work);
      void work.finally(() => afterwards.delete(work)).catch(() => undefined);
    },
    mail: { outbox },
    scheduler: { onEnqueued: wish.onEnqueued ?? (() => undefined) },
  };
  const app = (wish.composer ?? compose)({ ...TEST_VARIABLES, ...wish.variables }, platform);
  const addMentor = (one: MentorWish) => insertMentor(database, one, now);
  return {
    app,
    database,
    mentor: await addMentor(wish),
    sent,
    at: (moment) => {
      now = typeof moment === 'string' ? Date.parse(moment) : moment;
    },
    settled: async () => {
      while (afterwards.size > 0) await Promise.all(afterwards);
    },
    addMentor,
  };
}

async function insertMentor(database: TestDatabase, wish: MentorWish, now: Instant): Promise<SceneMentor> {
  const slug = wish.slug ?? 'min-ji';
  const [id, accountId, typeId] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  const email = `${slug}@mentors.example`;
  const typeSlug = wish.type?.slug ?? 'talk';
  await openDatabase(database.wire).write(system('scene'), async (tx) => {
    await tx.insert(accounts).values({ id: accountId, email, role: 'mentor', createdAt: now });
    await tx.insert(mentors).values({
      id,
      accountId,
      slug,
      name: wish.name ?? 'Min-ji Kwon',
      headline: 'Staff engineer',
      summary: 'Growing from senior to staff.',
      bio: 'For eleven years I have kept payment systems upright.',
      languages: ['ko', 'en'],
      timeZone: wish.zone ?? 'Asia/Seoul',
      locale: 'en',
      createdAt: now,
    });
    await tx.insert(sessionTypes).values({
      id: typeId,
      mentorId: id,
      slug: typeSlug,
      title: 'A talk',
      description: 'Bring one real problem.',
      durationMinutes: 60,
      minimumNoticeMinutes: 0,
      horizonDays: 60,
      locationKind: 'video',
      questions: [],
      ...wish.type,
    });
    const hours = hoursOf(wish.hours ?? 'Mon-Fri 9-17');
    if (hours.length > 0)
      await tx
        .insert(mentorAvailability)
        .values(hours.map((one) => ({ ...one, id: crypto.randomUUID(), mentorId: id })));
    const days = (wish.overrides ?? []).map(({ date, range, reason }) => ({
      id: crypto.randomUUID(),
      mentorId: id,
      date,
      isAvailable: range !== null,
      startTime: range && minutesOf(range[0]),
      endTime: range && minutesOf(range[1]),
      reason: reason ?? null,
    }));
    if (days.length > 0) await tx.insert(mentorAvailabilityOverrides).values(days);
  });
  return { id, accountId, email, slug, typeId, typeSlug };
}

function hoursOf(text: string) {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .flatMap((part) => {
      const [days = '', range = ''] = part.split(/\s+/);
      const [first = '', last = first] = days.split('-');
      const [start = '', end = ''] = range.split('-');
      const from = DAYS.indexOf(first);
      const count = ((DAYS.indexOf(last) - from + 7) % 7) + 1;
      return Array.from({ length: count }, (_, i) => ({
        dayOfWeek: (from + i) % 7,
        startTime: minutesOf(start),
        endTime: minutesOf(end),
      }));
    });
}

function minutesOf(text: string): number {
  const [hours = '0', minutes = '0'] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}
