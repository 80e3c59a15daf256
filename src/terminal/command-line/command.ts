import type { Protocol, Schedule, SignInPlace, TokenFile } from '../../config/profile/profile.ts';
import type { SettingsChange } from '../../config/settings/settings-change.ts';
import type { StorageChoice } from '../../vault/store/storage-choice.ts';
import type { EnvFormat } from './env-lines.ts';

/** How a command answers: sentences, or one JSON object on stdout beside the sentences on stderr. */
export type Format = 'words' | 'json';

/** What was asked for, with everything checked that can be checked without looking anywhere. */
export type Command =
  | HelpCommand
  | { readonly name: 'version' }
  | ServeCommand
  | TokenCommand
  | StatusCommand
  | SessionCommand
  | ImportCommand
  | ProfilesCommand
  | ExecCommand
  | EnvCommand
  | SettingsCommand
  | TokenFilesCommand
  | ReloadCommand
  | StorageCommand
  | ServiceCommand
  | CompletionCommand
  | DoctorCommand;

/** The commands that have a help of their own. */
export const COMMAND_NAMES = [
  'serve',
  'sign-in',
  'token',
  'exec',
  'env',
  'status',
  'refresh',
  'sign-out',
  'import',
  'profiles',
  'storage',
  'settings',
  'token-files',
  'reload',
  'service',
  'completion',
  'doctor',
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

export interface HelpCommand {
  readonly name: 'help';
  /** undefined: the list of all commands. */
  readonly topic: CommandName | undefined;
}

export interface ServeCommand {
  readonly name: 'serve';
  readonly logLevel: 'warn' | 'debug';
  /** A `.env` to use for this run, in memory only, instead of the stored settings. */
  readonly envFile: string | undefined;
  /** Of what keeps it from starting; while it runs it says what it says in words. */
  readonly format: Format;
}

export interface TokenCommand {
  readonly name: 'token';
  /** The default one when undefined. */
  readonly profile: string | undefined;
  /** Empty: the profile's own. */
  readonly scopes: readonly string[];
  /** `<resource>/.default` is asked for instead of scopes. */
  readonly resource: string | undefined;
  /** A demand; undefined is DESIGN's wish for ten minutes. */
  readonly minLifetimeSeconds: number | undefined;
  readonly fresh: 'if-needed' | 'always';
  readonly format: 'bare' | 'json' | 'header' | 'exec-credential';
}

export interface StatusCommand {
  readonly name: 'status';
  readonly profile: string | undefined;
  readonly format: Format;
  /** `watch`: each change as well, until Ctrl-C. */
  readonly mode: 'once' | 'watch';
}

export interface SessionCommand {
  readonly name: 'refresh' | 'sign-in' | 'sign-out';
  readonly profile: string | undefined;
  readonly format: Format;
}

/** Where the credential of an import is; files are read by the import. */
export type CredentialSource =
  | { readonly kind: 'env' }
  | { readonly kind: 'certificate'; readonly file: string; readonly keyFile: string | undefined }
  | { readonly kind: 'assertion-file'; readonly file: string };

export interface ImportCommand {
  readonly name: 'import';
  readonly file: string;
  /** undefined: `default`. */
  readonly profile: string | undefined;
  /** What people see of the profile; its id when undefined. */
  readonly displayName: string | undefined;
  readonly rank: 'default' | 'further';
  readonly protocol: Protocol;
  /** Which names of the file, where it holds several registrations. */
  readonly prefix: string | undefined;
  readonly extraScopes: readonly (readonly string[])[];
  readonly credential: CredentialSource;
  readonly schedule: Schedule | undefined;
  /** undefined: as it is, in the window where the profile is new. */
  readonly signIn: SignInPlace | undefined;
  readonly tokenFile: Pick<TokenFile, 'path' | 'format'> | undefined;
  readonly caFile: string | undefined;
  readonly format: Format;
}

export interface ProfilesCommand {
  readonly name: 'profiles';
  readonly action:
    | { readonly kind: 'list' }
    | { readonly kind: 'default'; readonly id: string }
    | { readonly kind: 'remove'; readonly id: string };
  readonly format: Format;
}

export interface StorageCommand {
  readonly name: 'storage';
  readonly action: { readonly kind: 'show' } | { readonly kind: 'switch'; readonly choice: StorageChoice };
  readonly format: Format;
}

export interface ExecCommand {
  readonly name: 'exec';
  readonly profile: string | undefined;
  readonly program: string;
  readonly args: readonly string[];
}

export interface EnvCommand {
  readonly name: 'env';
  /** Who reads what is printed. */
  readonly shell: EnvFormat;
  readonly format: Format;
}

/** The settings that `tokentray settings` knows, by the names that the file has. */
export type SettingsName = keyof SettingsChange;

export interface SettingsCommand {
  readonly name: 'settings';
  readonly action:
    | { readonly kind: 'show' }
    | {
        readonly kind: 'set';
        readonly setting: SettingsName;
        /** As JSON would have it; the schema checks it. */
        readonly value: boolean | number | string;
      };
  readonly format: Format;
}

export interface TokenFilesCommand {
  readonly name: 'token-files';
  readonly action:
    | { readonly kind: 'list' }
    | ({
        readonly kind: 'add';
        /** The default one when undefined. */
        readonly profile: string | undefined;
      } & Pick<TokenFile, 'path' | 'scopes' | 'format'>)
    | { readonly kind: 'remove'; readonly path: string };
  readonly format: Format;
}

export interface ReloadCommand {
  readonly name: 'reload';
  readonly format: Format;
}

export interface ServiceCommand {
  readonly name: 'service';
  readonly action: 'print' | 'install' | 'uninstall';
  /** Where the key of encrypted files is, which the unit is to load as a credential. */
  readonly credentialFile: string | undefined;
  readonly format: Format;
}

export interface CompletionCommand {
  readonly name: 'completion';
  readonly shell: 'bash' | 'zsh';
}

export interface DoctorCommand {
  readonly name: 'doctor';
  readonly profile: string | undefined;
  readonly format: Format;
}

/** Whether a command was asked for JSON, so that a refusal is JSON as well. */
export function formatOf(command: Command): Format {
  return 'format' in command && command.format === 'json' ? 'json' : 'words';
}
