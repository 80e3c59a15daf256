import { ownerPath } from '../../outlets/socket/client.ts';
import { say } from '../../words/say.ts';
import type { Run } from '../command-line/table.ts';
import { order } from '../output/ask.ts';
import { textField } from '../output/report.ts';
import type { table } from './command.ts';

/** Prints an address to sign in at, or has the tray open its window. */
export const run: Run<typeof table> = ({ profile }, places, terminal) =>
  order(places, terminal, ownerPath('/v1/sign-in', profile), 'cli.waiting.owner', (body) => {
    const url = textField(body, 'url');
    terminal.err(say(url === undefined ? 'cli.sign-in.shown' : 'cli.sign-in.open'));
    if (url !== undefined) terminal.out(url);
  });
