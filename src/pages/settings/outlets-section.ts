import { say } from '../../words/say.ts';
import { copyButton } from '../actions/copy-button.ts';
import { savedSwitch } from '../actions/saved-setting.ts';
import type { PageApi } from '../bridge/api.ts';
import type { OutletsView, SettingsView } from '../bridge/contract.ts';
import type { Announcements } from '../elements/announce.ts';
import { card } from '../elements/card.ts';
import { element, present, type Part } from '../elements/element.ts';
import { foreign } from '../elements/foreign-text.ts';
import { problemElement } from '../elements/problems.ts';
import { TokenFiles } from './token-files.ts';

type OutletsApi = Pick<PageApi, 'settings.change' | 'text.copy' | 'token-file.add' | 'token-file.remove'>;

/** The ways in which programs get tokens. */
export class OutletsSection {
  readonly node: HTMLElement;
  readonly #loopback;
  readonly #shellCache;
  readonly #tokenFiles: TokenFiles;
  readonly #socket = element('span', { class: 'copyable' });
  readonly #copySocket: HTMLButtonElement;
  readonly #listening = element('div', { class: 'listening' });
  readonly #notOffered = element('p', { class: 'help soft' }, say('settings-page.shell-cache.not-offered'));
  readonly #hooks = element('div', { class: 'hooks' });
  #socketPath = '';
  #shown = '';

  constructor(api: OutletsApi, announcements: Announcements) {
    const change = api['settings.change'];
    this.#loopback = savedSwitch(
      { label: say('settings-page.loopback'), help: say('settings-page.loopback.help') },
      (value) => change({ loopback: value === 'on' }),
      announcements,
    );
    this.#shellCache = savedSwitch(
      { label: say('settings-page.shell-cache'), help: say('settings-page.shell-cache.help') },
      (value) => change({ shellCache: value === 'on' }),
      announcements,
    );
    this.#tokenFiles = new TokenFiles(api, announcements);
    const words = { label: say('settings-page.socket.copy'), done: say('settings-page.copied.path') };
    this.#copySocket = copyButton(api, announcements, words, () => this.#socketPath);
    this.node = card(
      say('settings-page.outlets'),
      part(say('settings-page.socket'), say('settings-page.socket.help'), this.#socket),
      this.#loopback.node,
      this.#listening,
      this.#shellCache.node,
      this.#notOffered,
      part(say('settings-page.files'), say('settings-page.files.help'), this.#tokenFiles.node),
      this.#hooks,
    );
  }

  show({ outlets, profiles, settingsFile }: SettingsView): void {
    this.#loopback.show(outlets.loopback.wanted);
    this.#shellCache.show(outlets.shellCache.wanted);
    this.#shellCache.offer(outlets.shellCache.offered);
    this.#notOffered.hidden = outlets.shellCache.offered === 'yes';
    this.#tokenFiles.show(outlets.tokenFiles, profiles);
    const shown = JSON.stringify([outlets.socket, outlets.loopback, outlets.hooks, settingsFile]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#socketPath = outlets.socket;
    this.#socket.replaceChildren(element('code', {}, foreign(outlets.socket)), this.#copySocket);
    this.#listening.replaceChildren(...listeningParts(outlets.loopback));
    this.#hooks.replaceChildren(...hookParts(outlets.hooks, settingsFile));
  }
}

function part(title: string, help: string, content: HTMLElement): HTMLElement {
  const words = [element('h3', {}, title), element('p', { class: 'help soft' }, help)];
  return element('div', { class: 'part' }, ...words, content);
}

function listeningParts({ port, trouble }: OutletsView['loopback']): readonly HTMLElement[] {
  if (trouble !== undefined) return [problemElement(trouble)];
  if (port === undefined) return [];
  const said = say('settings-page.loopback.listens', { address: `127.0.0.1:${port}` });
  return [element('p', { class: 'good' }, said)];
}

/** Hooks run programs, so this page only shows them; they are edited in the settings file. */
function hookParts(hooks: OutletsView['hooks'], settingsFile: string): readonly Part[] {
  const help = [say('settings-page.hooks.help'), ' ', foreign(settingsFile)];
  const lines = hooks.map(({ event, command }) => {
    const code = element('code', {}, foreign(command.join(' ')));
    return element('li', {}, element('span', {}, say(HOOK_WORDS[event])), code);
  });
  return present([
    element('h3', {}, say('settings-page.hooks')),
    element('p', { class: 'help soft' }, ...help),
    lines.length > 0 && element('ul', { class: 'hook-list' }, ...lines),
  ]);
}

const HOOK_WORDS = {
  refreshed: 'settings-page.hook.refreshed',
  'sign-in-needed': 'settings-page.hook.sign-in-needed',
  'signed-out': 'settings-page.hook.signed-out',
  failed: 'settings-page.hook.failed',
} as const satisfies Record<OutletsView['hooks'][number]['event'], string>;
