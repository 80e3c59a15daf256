/** A GUID of any version and variant: Microsoft has issued all kinds as identifiers. For use inside an expression. */
export const GUID_PATTERN = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const GUID = new RegExp(`^${GUID_PATTERN}$`, 'iu');

/** Whether a text is a GUID, in either case. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}
