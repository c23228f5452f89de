import { examine } from '../doctor/examine';
import { tableOf } from '../doctor/finding';
import { command, environmentName, readOptions, variablesFor } from './arguments';

// npm run doctor [-- --env staging | production]
await command(async () => {
  const { home, variables, findings } = variablesFor(environmentName(readOptions({ env: { type: 'string' } }).env));
  const all = [...findings, ...(await examine(variables, { home }))];
  console.log(tableOf(all));
  const wrong = all.filter(({ verdict }) => verdict === 'wrong').length;
  console.log(wrong === 0 ? '\nNothing is wrong.' : `\n${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`);
  return wrong === 0 ? 0 : 1;
});
