import { ownerPath } from '../../outlets/socket/client.ts';
import { say } from '../../words/say.ts';
import { sayTime } from '../../words/time.ts';
import type { Run } from '../command-line/table.ts';
import { order } from '../output/ask.ts';
import { textField } from '../output/report.ts';
import type { table } from './command.ts';

/** Has the running host get a new token, and says when that expires. */
export const run: Run<typeof table> = ({ profile }, places, terminal) =>
  order(places, terminal, ownerPath('/v1/refresh', profile), 'cli.waiting.authority', (body) => {
    const expiresOn = Date.parse(textField(body, 'expiresOn') ?? '');
    terminal.err(say('token.good-until', { time: sayTime(expiresOn, Date.now()) }));
  });
