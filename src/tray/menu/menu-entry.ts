/** What can be chosen. Those that belong to a profile are carried out for their {@link Target}. */
export type MenuAction =
  | 'copy'
  | 'copy-header'
  | 'copy-curl'
  | 'copy-json'
  | 'refresh'
  | 'sign-in'
  | 'switch-account'
  | 'sign-out'
  | 'sign-in-with-browser'
  | 'import'
  | 'start-at-login'
  | 'status'
  | 'settings'
  | 'about'
  | 'quit';

/** Whom an action is for. */
export interface Target {
  /** A profile's id; the default profile when undefined. */
  readonly profile?: string | undefined;
  /** The profile's own scopes when undefined. */
  readonly scopes?: readonly string[] | undefined;
}

export type Availability = 'enabled' | 'disabled';

export interface ActionEntry {
  readonly kind: 'action';
  /** Unique in the whole menu. */
  readonly id: string;
  readonly action: MenuAction;
  readonly target: Target;
  readonly text: string;
  readonly state: Availability;
  /** For what is switched on and off. */
  readonly mark?: 'on' | 'off';
}

export interface SubmenuEntry {
  readonly kind: 'submenu';
  readonly id: string;
  readonly text: string;
  readonly state: Availability;
  readonly entries: readonly MenuEntry[];
}

/** Texts are as people read them: whoever draws them escapes what the platform would not show. */
export type MenuEntry =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'separator' }
  | ActionEntry
  | SubmenuEntry;

export const separator: MenuEntry = { kind: 'separator' };

/** A line that only says something. */
export function line(text: string): MenuEntry {
  return { kind: 'line', text };
}
