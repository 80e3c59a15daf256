import { say } from '../../words/say.ts';
import type { Announcements } from '../elements/announce.ts';
import type { PageApi } from '../bridge/api.ts';
import type { OutletsView, SettingsView } from '../bridge/contract.ts';
import { copyButton } from '../actions/copy-button.ts';
import { element } from '../elements/element.ts';
import { foreign } from '../elements/foreign-text.ts';
import { problemElement } from '../elements/problems.ts';
import { savedSwitch } from '../actions/saved-setting.ts';
import { TokenFiles } from './token-files.ts';

type OutletsApi = Pick<PageApi, 'settings.change' | 'text.copy' | 'token-file.add' | 'token-file.remove'>;

/** The ways by which programs obtain tokens. */
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
    const copied = (): string => this.#socketPath;
    const words = { label: say('settings-page.socket.copy'), done: say('settings-page.copied.path') };
    this.#copySocket = copyButton(api, announcements, words, copied);
    this.node = element(
      'section',
      { class: 'card' },
      element('h2', {}, say('settings-page.outlets')),
      part(say('settings-page.socket'), say('settings-page.socket.help'), this.#socket),
      this.#loopback.node,
      this.#listening,
      this.#shellCache.node,
      this.#notOffered,
      part(say('settings-page.files'), say('settings-page.files.help'), this.#tokenFiles.node),
      this.#hooks,
    );
  }

  show(view: SettingsView): void {
    const { outlets, profiles, settingsFile } = view;
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

function part(title: string, help: string, ...content: readonly HTMLElement[]): HTMLElement {
  return element(
    'div',
    { class: 'part' },
    element('h3', {}, title),
    element('p', { class: 'help soft' }, help),
    ...content,
  );
}

function listeningParts({ port, trouble }: OutletsView['loopback']): readonly HTMLElement[] {
  if (trouble !== undefined) return [problemElement(trouble)];
  return port === undefined
    ? []
    : [
        element(
          'p',
          { class: 'good' },
          say('settings-page.loopback.listens', { address: `127.0.0.1:${port}` }),
        ),
      ];
}

/** Hooks run programs, so they are written by hand, and shown only. */
function hookParts(hooks: OutletsView['hooks'], settingsFile: string): readonly HTMLElement[] {
  const help = element(
    'p',
    { class: 'help soft' },
    say('settings-page.hooks.help'),
    ' ',
    foreign(settingsFile),
  );
  const lines = hooks.map(({ event, command }) =>
    element(
      'li',
      {},
      element('span', {}, HOOK_WORDS[event]),
      element('code', {}, foreign(command.join(' '))),
    ),
  );
  const list = lines.length === 0 ? [] : [element('ul', { class: 'hook-list' }, ...lines)];
  return [element('h3', {}, say('settings-page.hooks')), help, ...list];
}

const HOOK_WORDS: Readonly<Record<OutletsView['hooks'][number]['event'], string>> = {
  refreshed: say('settings-page.hook.refreshed'),
  'sign-in-needed': say('settings-page.hook.sign-in-needed'),
  'signed-out': say('settings-page.hook.signed-out'),
  failed: say('settings-page.hook.failed'),
};
