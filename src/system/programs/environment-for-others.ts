/** What opens the vault is nobody's but ours. */
const NOT_PASSED_ON = ['TOKENTRAY_PASSPHRASE'];

/**
 * Our environment as a program of the user's gets it, a hook or what `tokentray exec` starts: without what opens
 * the vault, which goes on into containers, logs and crash reports, and with `more`, where undefined takes a name
 * out.
 */
export function environmentForOthers(
  env: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return { ...env, ...Object.fromEntries(NOT_PASSED_ON.map((name) => [name, undefined])), ...more };
}
