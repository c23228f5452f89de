import { spawnSync } from 'node:child_process';

// What tests/database/kill.test.ts does a few times, many times over: `KILLS=200 npm run bench kills` for more.
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--project', 'database', '--disable-console-intercept=true', 'tests/database/kill.test.ts'],
  { stdio: 'inherit', env: { ...process.env, KILLS: process.env.KILLS ?? '50' } },
);
process.exitCode = status ?? 1;
