import { ownerPath } from '../../outlets/socket/client.ts';
import { say } from '../../words/say.ts';
import type { Run } from '../command-line/table.ts';
import { order } from '../output/ask.ts';
import type { table } from './command.ts';

/** Has the running host sign out. */
export const run: Run<typeof table> = ({ profile }, places, terminal) =>
  order(places, terminal, ownerPath('/v1/sign-out', profile), 'cli.waiting.owner', () =>
    terminal.err(say('cli.signed-out')),
  );
