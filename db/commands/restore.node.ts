import { isArchive, withUnpacked } from '../archive.node';
import { restore } from '../restore.node';
import { command, dataDir, needOwnDatabase } from './command.node';

// npm run restore -- <folder or .tar.gz file made by npm run backup>
await command(async (given) => {
  needOwnDatabase('restore it there, by pg_restore or as its host offers.');
  if (given === undefined) throw new Error('Say what to restore: npm run restore -- <backup folder or .tar.gz file>');
  const { setAside } = isArchive(given)
    ? await withUnpacked(given, (folder) => restore(folder, dataDir()))
    : await restore(given, dataDir());
  return [`Restored into ${dataDir()}.`, ...setAside.map((path) => `What was there before: ${path}`)].join('\n');
});
