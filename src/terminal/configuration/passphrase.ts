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

/** `new`: asked twice, because nothing is encrypted with it yet and a typing error would lock the user out. */
type PassphraseUse = 'existing' | 'new';

/** Where it is asked; tests replace it. */
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
 * The passphrase of the encrypted files: from TOKENTRAY_PASSPHRASE, which is removed from the environment at once so
 * that no child process gets it, or asked on the terminal without echo. Rejects with a `VaultError` that names both
 * ways if neither is possible.
 */
export async function askPassphrase(
  use: PassphraseUse,
  terminal: PassphraseTerminal = ownTerminal(),
): Promise<Secret> {
  const { input, write, env, interrupt } = terminal;
  const given = env[VARIABLE];
  Reflect.deleteProperty(env, VARIABLE);
  if (given !== undefined && given !== '') return new Secret(given);
  // undefined if standard input is not a terminal.
  if (!input.isTTY) throw new VaultError(say('cli.passphrase.no-terminal'));
  // From before the first question until after the last answer, so that what is typed in between is not shown.
  const lines = new HiddenLines(input, interrupt);
  // Keeps the line about waiting away from the question.
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
