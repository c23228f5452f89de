import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { openDatabase, type Answer, type Statement, type Wire } from '~/data/database';
import type { TestDatabase } from './database';

/**
 * What a release asks of the database: the units of work that flows send, in the order in which they were committed,
 * from an empty database on, what the tests themselves put there included. Refused ones are left out.
 */
export interface Journal {
  /** The newest migration of that release. */
  readonly migration: string;
  readonly flows: readonly { readonly name: string; readonly units: readonly Unit[] }[];
}

/** 'owner' is the test's own hand; in a 'transaction' each journey is a list of its own. */
interface Unit {
  readonly access: 'read only' | 'read write' | 'transaction' | 'owner';
  readonly journeys: readonly (readonly Sent[])[];
}

interface Sent extends Statement {
  /** How many rows came back. */
  readonly rows: number;
}

const FOLDER = new URL('../database/journals/', import.meta.url);
const MIGRATIONS = new URL('../../db/migrations/meta/_journal.json', import.meta.url);

/**
 * Writes down everything that is sent through what `listenTo` gives, and saves it by the newest migration's name; of
 * flows that ask nothing that others before them have not asked (and got as many rows), nothing.
 */
export function openJournal() {
  const flows: { name: string; units: Unit[] }[] = [];
  return {
    /** The same database, heard. */
    listenTo(name: string, database: TestDatabase): TestDatabase {
      const units: Unit[] = [];
      flows.push({ name, units });
      const wire = heardWire(database.wire, (unit) => units.push(unit));
      return {
        ...database,
        wire,
        db: openDatabase(wire),
        async owner(sql, params = []) {
          const rows = await database.owner(sql, params);
          units.push({ access: 'owner', journeys: [[{ sql, params, rows: rows.length }]] });
          return rows;
        },
      };
    },
    save() {
      const { entries } = z
        .object({ entries: z.array(z.object({ tag: z.string() })) })
        .parse(JSON.parse(readFileSync(MIGRATIONS, 'utf8')));
      const migration = entries.at(-1)?.tag ?? '';
      writeFileSync(new URL(`${migration}.json`, FOLDER), packed({ migration, flows: flows.filter(isNews()) }));
    },
  };
}

function heardWire(wire: Wire, hear: (unit: Unit) => void): Wire {
  const journeyOf = (statements: readonly Statement[], answers: readonly Answer[]): Sent[] =>
    statements.map(({ sql, params }, i) => ({ sql, params, rows: answers[i]?.rows.length ?? 0 }));
  return {
    ...wire,
    async batch(statements, access) {
      const answers = await wire.batch(statements, access);
      hear({ access, journeys: [journeyOf(statements, answers)] });
      return answers;
    },
    async transaction(work) {
      const journeys: Sent[][] = [];
      const result = await wire.transaction((send) =>
        work(async (statements) => {
          const answers = await send(statements);
          journeys.push(journeyOf(statements, answers));
          return answers;
        }),
      );
      hear({ access: 'transaction', journeys });
      return result;
    },
  };
}

/** Whether a flow has a statement, or a number of rows of one, that those before it had not. */
function isNews(): (flow: { readonly units: readonly Unit[] }) => boolean {
  const known = new Set<string>();
  return ({ units }) => {
    const before = known.size;
    for (const { sql, rows } of units.flatMap(({ journeys }) => journeys.flat())) known.add(`${rows} ${sql}`);
    return known.size > before;
  };
}

/** Each text once: statements and ids come again and again. A flow stands on a line of its own. */
function packed({ migration, flows }: Journal): string {
  const texts = new Map<string, number>();
  const place = (text: string) => texts.get(text) ?? texts.set(text, texts.size).size - 1;
  const lines = flows.map(({ name, units }) =>
    JSON.stringify([
      name,
      units.map(({ access, journeys }) => [
        access,
        journeys.map((sent) =>
          sent.map(({ sql, params, rows }) => [
            place(sql),
            rows,
            ...params.map((one) => (typeof one === 'string' ? place(one) : [one])),
          ]),
        ),
      ]),
    ]),
  );
  return `{"migration":${JSON.stringify(migration)},"flows":[\n${lines.join(',\n')}\n],"texts":${JSON.stringify([...texts.keys()])}}\n`;
}

const stored = z.object({
  migration: z.string(),
  texts: z.array(z.string()),
  flows: z.array(
    z.tuple([
      z.string(),
      z.array(
        z.tuple([
          z.enum(['read only', 'read write', 'transaction', 'owner']),
          z.array(z.array(z.tuple([z.int(), z.int()], z.union([z.int(), z.tuple([z.unknown()])])))),
        ]),
      ),
    ]),
  ),
});

/** The journals that are kept, oldest migration first. */
export function readJournals(): Journal[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const { migration, texts, flows } = stored.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')));
      const textAt = (place: number) => texts[place] ?? '';
      return {
        migration,
        flows: flows.map(([flow, units]) => ({
          name: flow,
          units: units.map(([access, journeys]) => ({
            access,
            journeys: journeys.map((sent) =>
              sent.map(([sql, rows, ...params]) => ({
                sql: textAt(sql),
                rows,
                params: params.map((one) => (typeof one === 'number' ? textAt(one) : one[0])),
              })),
            ),
          })),
        })),
      };
    });
}

/**
 * Sends the flows' units again, each flow from empty tables on. Rejects at the first statement that is refused, or
 * gives another number of rows than it gave then.
 */
export async function replay(journal: Journal, { wire, owner }: Pick<TestDatabase, 'wire' | 'owner'>): Promise<void> {
  const [tables] = await owner(
    `select string_agg(format('%I', tablename), ', ') as names from pg_tables where schemaname = 'public'`,
  );
  for (const { name, units } of journal.flows) {
    await owner(`truncate ${String(tables?.names)}`);
    for (const { access, journeys } of units) {
      const sendAll = async (send: (statements: readonly Statement[]) => Promise<Answer[]>) => {
        for (const sent of journeys) compare(sent, await send(sent));
      };
      try {
        if (access === 'transaction') await wire.transaction(sendAll);
        else if (access === 'owner') await sendAll((statements) => Promise.all(statements.map(byHand)));
        else await sendAll((statements) => wire.batch(statements, access));
      } catch (cause) {
        throw new Error(`in “${name}”: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
      }
    }
  }

  async function byHand({ sql, params }: Statement): Promise<Answer> {
    return { rows: (await owner(sql, [...params])).map(Object.values) };
  }
}

function compare(sent: readonly Sent[], answers: readonly Answer[]): void {
  for (const [i, { sql, rows }] of sent.entries()) {
    const got = answers[i]?.rows.length ?? 0;
    if (got !== rows) throw new Error(`${got} rows where the release got ${rows}: ${sql}`);
  }
}
