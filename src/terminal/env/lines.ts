import type { IdentityEnvironment } from '../../outlets/loopback/identity-environment.ts';

/** What reads the lines: a shell, or a program that reads `.env` files. */
export const ENV_FORMATS = ['sh', 'powershell', 'dotenv'] as const;
type EnvFormat = (typeof ENV_FORMATS)[number];

/** The variables as lines for a shell to evaluate, or for a `.env` file, which cannot unset variables. */
export function envLines({ set, unset }: IdentityEnvironment, format: EnvFormat): readonly string[] {
  const entries = Object.entries(set);
  switch (format) {
    case 'sh':
      return [
        ...entries.map(([name, value]) => `export ${name}=${quoteForSh(value)}`),
        `unset ${unset.join(' ')}`,
      ];
    case 'powershell':
      return [
        ...entries.map(([name, value]) => `$env:${name} = ${quoteForPowerShell(value)}`),
        ...unset.map((name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`),
      ];
    case 'dotenv':
      return entries.map(([name, value]) => `${name}=${quoteForDotenv(value)}`);
  }
}

/** No character is special between single quotes (POSIX, Shell Command Language 2.2.2). */
function quoteForSh(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** Only the quotes are special, and are doubled (about_Quoting_Rules); typographic ones end a text, too. */
function quoteForPowerShell(value: string): string {
  return `'${value.replace(/['‘’‚‛]/gu, '$&$&')}'`;
}

/** dotenv reads text in single quotes literally if it contains none. Only NO_PROXY is not ours. */
function quoteForDotenv(value: string): string {
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
