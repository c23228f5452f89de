import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { killPostgres, until } from './database-processes';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export interface ServerProcess {
  /** Scheme, host and port where it answers. */
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything that it wrote to the terminal. */
  terminal(): string;
  /** Sends a signal; resolves with the exit code when the process is gone. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts what `npm start` starts, on a free port; `npm run build` comes first. Rejects with what it said when it ends at
 * once. `atEnd` is told how to be rid of it.
 */
export async function startServer(
  dataDir: string,
  variables: Record<string, string> = {},
  atEnd: (cleanUp: () => Promise<void>) => void = onTestFinished,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(PROJECT, 'dist/entry.node.js')], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DATA_DIR: dataDir, PORT: '0', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let terminal = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (terminal += text));
  let isGone = false;
  const gone = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      isGone = true;
      resolve(code);
    }),
  );
  atEnd(async () => {
    child.kill('SIGKILL');
    await gone;
    killPostgres(join(dataDir, 'database'));
  });
  const url = await until(
    () => {
      if (isGone) throw new Error(terminal.trim());
      return /Visitors +(http:\S+)/.exec(terminal)?.[1];
    },
    'the server is ready',
    60_000,
  );
  return {
    url: url.replace('localhost', '127.0.0.1'),
    process: child,
    terminal: () => terminal,
    end(signal) {
      child.kill(signal);
      return gone;
    },
  };
}
