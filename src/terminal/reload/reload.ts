import { say } from '../../words/say.ts';
import type { Run } from '../command-line/table.ts';
import { order } from '../output/ask.ts';
import type { table } from './command.ts';

/** Has the running host read its settings file again. */
export const run: Run<typeof table> = (_options, places, terminal) =>
  order(places, terminal, '/v1/reload', 'cli.waiting.owner', () =>
    terminal.err(say('cli.reloaded', { file: places.settingsFile })),
  );
