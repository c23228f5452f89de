import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';
import { WebSocketServer, type WebSocket } from 'ws';

/** A local stand-in of Neon's proxy: the same two protocols, in front of the tests' Postgres. */
export interface NeonService {
  /** `127.0.0.1:port`; POST /sql is the HTTP protocol, /v2 the WebSocket's. */
  readonly host: string;
  /** A connection string as Neon's console gives it; its host exists nowhere. */
  connectionString(database: string): string;
  /** How often each protocol was used so far; knocks ask for a socket, a message is what one journey over it brought. */
  readonly uses: { batches: number; knocks: number; sockets: number; messages: number };
  /** Ends every WebSocket at once, as a restart of Neon's proxy does. */
  dropSockets(): void;
  /** Answers 500 to batches and refuses sockets, as long as it is set. */
  isAway: boolean;
  /** What befalls the next batches and the next sockets, one each. */
  readonly faults: { readonly batches: BatchFault[]; readonly sockets: SocketFault[] };
  close(): Promise<void>;
}

export type BatchFault =
  /** The proxy has no compute to ask. */
  | 'unavailable'
  /** Postgres is being stopped. */
  | 'shutdown'
  /** Done, but the connection breaks before the answer is told. */
  | 'cut'
  /** No answer ever. */
  | 'silence'
  /** 200 with a page of somebody in between. */
  | 'page'
  /** 200 with fewer results than there were queries. */
  | 'half'
  /** 402: what the plan allows is spent. */
  | 'spent';

export type SocketFault =
  | 'refused'
  /** No answer to whoever asks for one. */
  | 'silence'
  /** Breaks when the transaction is about to be committed. */
  | 'before-commit'
  /** Breaks when it has been committed, before that is told. */
  | 'after-commit'
  /** Open, but what Postgres says of a transaction no longer arrives. */
  | 'mute';

const PASSWORD = 'a-password-of-neon';

/** Stands in front of the server that `postgresUrl` (a unix socket) leads to. */
export async function startNeonService(postgresUrl: string): Promise<NeonService> {
  const folder = new URL(postgresUrl).searchParams.get('host') ?? '';
  const uses = { batches: 0, knocks: 0, sockets: 0, messages: 0 };
  const live = new Set<WebSocket>();
  const unanswered = new Set<Socket>();
  const breaking = new WeakMap<IncomingMessage, Breaking>();
  const faults = { batches: [] as BatchFault[], sockets: [] as SocketFault[] };
  const server = createServer((request, response) => {
    uses.batches += 1;
    void (async () => {
      const fault = faults.batches.shift();
      if (fault === 'silence') return;
      if (service.isAway || fault === 'unavailable') return response.writeHead(500).end('compute is away');
      if (fault === 'shutdown') return response.writeHead(400).end(SHUTDOWN);
      if (fault === 'spent') return response.writeHead(402).end('quota');
      if (fault === 'page') return response.writeHead(200).end('<!doctype html>');
      const { status, text } = await runSql(postgresUrl, request.headers, await readBody(request));
      if (fault === 'half') return response.writeHead(200).end('{"results":[]}');
      if (fault === 'cut') return request.socket.destroy();
      return response.writeHead(status).end(text);
    })();
  });
  const sockets = new WebSocketServer({
    server,
    path: '/v2',
    verifyClient({ req }: { req: IncomingMessage }, admit: (isAdmitted: boolean) => void) {
      uses.knocks += 1;
      const fault = faults.sockets.shift();
      if (fault === 'before-commit' || fault === 'after-commit' || fault === 'mute') breaking.set(req, fault);
      if (fault === 'silence') unanswered.add(req.socket);
      else admit(!service.isAway && fault !== 'refused');
    },
  });
  sockets.on('connection', (socket, request) => {
    uses.sockets += 1;
    live.add(socket);
    socket.on('message', () => (uses.messages += 1));
    socket.on('close', () => live.delete(socket));
    relay(socket, connect(`${folder}/.s.PGSQL.5432`), breaking.get(request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: NeonService = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connectionString: (database) => `postgresql://owner:${PASSWORD}@ep-quiet-river.neon.example/${database}`,
    uses,
    dropSockets: () => live.forEach((socket) => socket.terminate()),
    isAway: false,
    faults,
    async close() {
      live.forEach((socket) => socket.terminate());
      server.closeAllConnections();
      unanswered.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}

const SHUTDOWN = JSON.stringify({
  message: 'terminating connection due to administrator command',
  code: '57P01',
  severity: 'FATAL',
});

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
  return body;
}

interface Query {
  readonly query: string;
  readonly params: (string | null)[];
}

/** The HTTP protocol: one query, or a batch in one transaction; values stay Postgres' own text. */
async function runSql(
  postgresUrl: string,
  headers: IncomingMessage['headers'],
  body: string,
): Promise<{ status: number; text: string }> {
  const asked = new URL(String(headers['neon-connection-string']));
  if (asked.password !== PASSWORD)
    return { status: 400, text: JSON.stringify({ message: 'password authentication failed', code: '28P01' }) };
  const client = new pg.Client({ connectionString: postgresUrl.replace('/postgres?', `${asked.pathname}?`) });
  await client.connect();
  try {
    const run = async ({ query, params }: Query) => {
      const { rows, fields, command, rowCount } = await client.query({
        text: query,
        values: params,
        rowMode: 'array',
        types: { getTypeParser: () => (text: string) => text },
      });
      return { rows, fields, command, rowCount, rowAsArray: true };
    };
    const parsed = JSON.parse(body) as Query | { queries: Query[] };
    if ('query' in parsed) return { status: 200, text: JSON.stringify(await run(parsed)) };
    await client.query(`begin ${headers['neon-batch-read-only'] === 'true' ? 'read only' : 'read write'}`);
    const results = [];
    for (const one of parsed.queries) results.push(await run(one));
    await client.query('commit');
    return { status: 200, text: JSON.stringify({ results }) };
  } catch (error) {
    const { message, code, severity, detail, constraint } = error as pg.DatabaseError;
    return { status: 400, text: JSON.stringify({ message, code, severity, detail, constraint }) };
  } finally {
    await client.end();
  }
}

type Breaking = Extract<SocketFault, 'before-commit' | 'after-commit' | 'mute'>;

const ASK_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

/**
 * The WebSocket protocol: Postgres' own, except that the proxy asks for the password itself (in
 * cleartext: TLS is around it) and the server behind trusts it. The driver sends it without being asked.
 */
function relay(socket: WebSocket, postgres: Socket, breaks?: Breaking): void {
  let early: Buffer | null = Buffer.alloc(0);
  let startup: Buffer | null = null;
  socket.on('message', (chunk: Buffer) => {
    if (breaks === 'before-commit' && chunk.includes('\0commit\0')) return socket.terminate();
    if (early === null) return void postgres.write(chunk);
    early = Buffer.concat([early, chunk]);
    if (startup === null && early.length >= 4 && early.length >= early.readInt32BE(0)) {
      startup = early.subarray(0, early.readInt32BE(0));
      early = early.subarray(startup.length);
      socket.send(ASK_PASSWORD);
    }
    if (startup === null || early.length < 5 || early.length < 1 + early.readInt32BE(1)) return;
    const end = 1 + early.readInt32BE(1);
    const password = early.subarray(5, end - 1).toString();
    if (early[0] !== 0x70 || password !== PASSWORD) return socket.close();
    postgres.write(Buffer.concat([startup, early.subarray(end)]));
    early = null;
  });
  socket.on('close', () => postgres.destroy());
  postgres.on('data', (chunk) => {
    // The tag of what was done (documentation of Postgres, "Message Formats", CommandComplete).
    if (breaks === 'after-commit' && chunk.includes('COMMIT\0')) socket.terminate();
    else if (breaks !== 'mute' || !chunk.includes('BEGIN\0')) socket.send(chunk);
  });
  postgres.on('close', () => socket.close());
  postgres.on('error', () => socket.terminate());
}
