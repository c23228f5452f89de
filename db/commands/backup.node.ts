import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isArchive, pack } from '../archive.node';
import { backUp } from '../backup.node';
import { command, dataDir, needOwnDatabase } from './command.node';

// npm run backup [-- <folder that is there> | <new folder> | <file>.tar.gz]
await command(async (given) => {
  needOwnDatabase('back it up there, by pg_dump or as its host offers.');
  const name = `slotwell-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`;
  const inFolder = (folder: string) => join(folder, name);
  if (given === undefined) {
    const target = inFolder(join(dataDir(), 'backups'));
    await backUp(dataDir(), target);
    return `Backed up into ${target}`;
  }
  if (!isArchive(given)) {
    const target = existsSync(given) && statSync(given).isDirectory() ? inFolder(given) : given;
    await backUp(dataDir(), target);
    return `Backed up into ${target}`;
  }
  if (existsSync(given)) throw new Error(`${given} is there already: name another file.`);
  const folder = `${given}.folder-${process.pid}`;
  try {
    await backUp(dataDir(), folder);
    pack(folder, given);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return `Backed up into ${given}`;
});
