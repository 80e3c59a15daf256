/** Placeholders in samples and tutorials, without hyphens and underscores. */
const WORDS = new Set(
  `changeme replaceme placeholder todo tbd fixme example sample dummy none null undefined secret
  clientid clientsecret tenantid tenant redirecturi scope authority appid applicationid directoryid`.split(
    /\s+/u,
  ),
);

const FORMS = [
  /^<.*>$/u, // <your key>
  /^\$?\{.*\}$/u, // ${CLIENT_ID}, {tenant}
  /^\[[^"']*\]$/u, // [your tenant]; a list has quotation marks
  /^(?:your|insert|enter|replace|put|paste|fill)(?:[-_ ]|$)/iu, // your_client_id, Enter_the_Tenant_Info_Here
  /^your[A-Z]/u, // yourClientId
  /[-_ ]here$/iu, // client-id-here
  /^(?:x[x-]{2,}|0[0-]{2,}|[*.]{3,}|…)$/iu, // xxxxx, ***, ..., 00000000-0000-0000-0000-000000000000
];

/** Whether the whole value is a sample's placeholder (`<your key>`, `your_client_id`, `xxxxx`). */
export function isPlaceholder(value: string): boolean {
  const bare = value.trim();
  return FORMS.some((form) => form.test(bare)) || WORDS.has(bare.toLowerCase().replaceAll(/[-_ ]/gu, ''));
}

/** Whether a value contains a placeholder. Not for secrets, which may contain any character. */
export function holdsPlaceholder(value: string): boolean {
  return /<[^<>]*>|\$\{[^{}]*\}/u.test(value) || isPlaceholder(value);
}
