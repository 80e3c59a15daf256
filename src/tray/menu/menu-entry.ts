const APP_ACTIONS = ['import', 'start-at-login', 'status', 'settings', 'about', 'quit'] as const;

/** Actions of the application as a whole. */
export type AppAction = (typeof APP_ACTIONS)[number];

/** Actions on the profile of their {@link Target}. */
export type ProfileMenuAction =
  | 'copy'
  | 'copy-header'
  | 'copy-curl'
  | 'copy-json'
  | 'refresh'
  | 'sign-in'
  | 'switch-account'
  | 'sign-out'
  | 'sign-in-with-browser';

export type MenuAction = AppAction | ProfileMenuAction;

export function isAppAction(action: MenuAction): action is AppAction {
  return APP_ACTIONS.some((one) => one === action);
}

export interface Target {
  /** A profile's ID; the default profile if undefined. */
  readonly profile?: string | undefined;
  /** The profile's own scopes if undefined. */
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
  /** Set for entries that can be switched on and off. */
  readonly mark?: 'on' | 'off';
}

export interface SubmenuEntry {
  readonly kind: 'submenu';
  readonly id: string;
  readonly text: string;
  readonly state: Availability;
  readonly entries: readonly MenuEntry[];
}

/** Texts are plain; the code that draws them escapes what the platform treats specially. */
export type MenuEntry =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'separator' }
  | ActionEntry
  | SubmenuEntry;

export const separator: MenuEntry = { kind: 'separator' };

/** An entry that cannot be chosen. */
export function line(text: string): MenuEntry {
  return { kind: 'line', text };
}
