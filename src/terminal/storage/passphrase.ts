import type { ReadStream } from 'node:tty';
import { writeStandardError } from '../../system/log/standard-error.ts';
import { Secret } from '../../system/secret.ts';
import { VaultError } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import { HiddenLines } from './hidden-lines.ts';
import { pauseWaiting } from '../output/progress.ts';

const VARIABLE = 'TOKENTRAY_PASSPHRASE';

/** Ctrl-C at the prompt, as the shell reports it (128 + SIGINT). */
const INTERRUPTED_EXIT_CODE = 130;

/** `new`: nothing is encrypted with it yet, so a slip of the fingers would lock everybody out. */
export type PassphraseUse = 'existing' | 'new';

/** Where it is asked and said; the process's own unless a test has others. */
export interface PassphraseTerminal {
  readonly input: Pick<ReadStream, 'isTTY' | 'setRawMode' | 'resume' | 'pause' | 'on' | 'off'>;
  readonly write: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
  readonly interrupt: () => void;
}

const ownTerminal = (): PassphraseTerminal => ({
  input: process.stdin,
  write: writeStandardError,
  env: process.env,
  interrupt: () => process.exit(INTERRUPTED_EXIT_CODE),
});

/**
 * The passphrase of the encrypted file: from TOKENTRAY_PASSPHRASE, which is taken out of the environment
 * at once so that no child gets it, or asked on the terminal without echo; twice where it is new.
 * Rejects with `VaultError` where neither is possible, naming the ways.
 */
export async function askPassphrase(
  use: PassphraseUse = 'existing',
  terminal: PassphraseTerminal = ownTerminal(),
): Promise<Secret> {
  const { input, write, env, interrupt } = terminal;
  const given = env[VARIABLE];
  Reflect.deleteProperty(env, VARIABLE);
  if (given !== undefined && given !== '') return new Secret(given);
  // Node leaves the property out where standard input is no terminal.
  if (!input.isTTY) throw new VaultError(say('cli.passphrase.no-terminal'));
  // From before the first question until after the last answer: what is typed in between is not shown either.
  const lines = new HiddenLines(input, interrupt);
  // A person takes as long as a person takes: no line about waiting over the question.
  const resumeWaiting = pauseWaiting();
  try {
    return new Secret(await askUntilAgreed(use, lines, write));
  } finally {
    lines.close();
    resumeWaiting();
  }
}

async function askUntilAgreed(
  use: PassphraseUse,
  lines: HiddenLines,
  write: (text: string) => void,
): Promise<string> {
  const ask = async (question: string): Promise<string> => {
    for (;;) {
      write(`${question} `);
      const line = await lines.next();
      write('\n');
      if (line !== '') return line;
    }
  };
  if (use === 'existing') return ask(say('cli.passphrase.ask'));
  for (;;) {
    const first = await ask(say('cli.passphrase.new'));
    if ((await ask(say('cli.passphrase.again'))) === first) return first;
    write(`${say('cli.passphrase.different')}\n`);
  }
}
