/**
 * The value of a JSON text; undefined if it is not JSON. A byte order mark, which Windows' Notepad writes, is skipped.
 * JSON's own error is dropped because it quotes the text, which may be secret.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
