/** Variables that open the vault. */
const NOT_PASSED_ON = ['TOKENTRAY_PASSPHRASE'];

/**
 * The environment for a program of the user's: a hook, or what `tokentray exec` starts. Leaves out what opens the
 * vault, because environments end up in containers, logs and crash reports. Adds `more`; undefined removes a name.
 */
export function environmentForOthers(
  env: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return { ...env, ...Object.fromEntries(NOT_PASSED_ON.map((name) => [name, undefined])), ...more };
}
