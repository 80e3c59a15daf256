/** What the service's file is made from. */
export interface ServiceFacts {
  /** The program by its full path, and its arguments. */
  readonly program: readonly [string, ...string[]];
  /** What decides where settings and state are, and that a login need not set. */
  readonly environment: Readonly<Record<string, string>>;
  /** The credential that the storage's key is; `file` is undefined where nobody has named it. */
  readonly credential: { readonly name: string; readonly file: string | undefined } | undefined;
}
