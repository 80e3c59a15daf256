import { say } from '../../words/say.ts';
import { sayDuration } from '../../words/time.ts';
import { copyButton } from '../actions/copy-button.ts';
import { savedChoice, savedSwitch } from '../actions/saved-setting.ts';
import type { PageApi } from '../bridge/api.ts';
import type { SettingsView } from '../bridge/contract.ts';
import type { Announcements } from '../elements/announce.ts';
import { card } from '../elements/card.ts';
import { element } from '../elements/element.ts';
import { factList } from '../elements/facts.ts';
import { foreign } from '../elements/foreign-text.ts';

/** From pasting at once to finding the right place first. 0: never. */
const CLIPBOARD_SECONDS = [15, 30, 60, 120, 300, 900, 3600, 0];

/** Settings of the whole application. */
export class GeneralSection {
  readonly node: HTMLElement;
  readonly #startAtLogin;
  readonly #clipboard;
  readonly #network;
  readonly #logLevel;
  readonly #notOffered = element('p', { class: 'help soft' }, say('settings-page.start.not-offered'));
  readonly #kept = element('div', { class: 'part' });
  readonly #copyFile: HTMLButtonElement;
  #settingsFile = '';

  constructor(api: Pick<PageApi, 'settings.change' | 'text.copy'>, announcements: Announcements) {
    const change = api['settings.change'];
    this.#startAtLogin = savedSwitch(
      { label: say('menu.start-at-login'), help: say('settings-page.start.help') },
      (startAtLogin) => change({ startAtLogin }),
      announcements,
    );
    this.#clipboard = savedChoice(
      { label: say('settings-page.clipboard'), help: say('settings-page.clipboard.help') },
      CLIPBOARD_SECONDS.map((seconds) => [String(seconds), sayClearing(seconds)]),
      (seconds) => change({ clipboardClearSeconds: Number(seconds) }),
      announcements,
      (seconds) => sayClearing(Number(seconds)),
    );
    this.#network = savedChoice<SettingsView['network']>(
      { label: say('settings-page.network'), help: say('settings-page.network.help') },
      [
        ['system', say('settings-page.network.system')],
        ['node', say('settings-page.network.node')],
      ],
      (network) => change({ network }),
      announcements,
    );
    this.#logLevel = savedChoice<SettingsView['logLevel']>(
      { label: say('settings-page.log'), help: say('settings-page.log.help') },
      [
        ['warn', say('settings-page.log.warn')],
        ['info', say('settings-page.log.info')],
        ['debug', say('settings-page.log.debug')],
      ],
      (logLevel) => change({ logLevel }),
      announcements,
    );
    const words = { label: say('settings-page.kept.file.copy'), done: say('settings-page.copied.path') };
    this.#copyFile = copyButton(api, announcements, words, () => this.#settingsFile);
    this.node = card(
      say('settings-page.general'),
      this.#startAtLogin.node,
      this.#notOffered,
      this.#clipboard.node,
      this.#network.node,
      this.#logLevel.node,
      this.#kept,
    );
  }

  show(view: SettingsView): void {
    const { startAtLogin, settingsFile, storage } = view;
    this.#startAtLogin.show(startAtLogin === 'on' ? 'on' : 'off');
    this.#startAtLogin.offer(startAtLogin === 'not-offered' ? 'no' : 'yes');
    this.#notOffered.hidden = startAtLogin !== 'not-offered';
    this.#clipboard.show(String(view.clipboardClearSeconds));
    this.#network.show(view.network);
    this.#logLevel.show(view.logLevel);
    if (settingsFile === this.#settingsFile && this.#kept.dataset['storage'] === storage) return;
    this.#settingsFile = settingsFile;
    this.#kept.dataset['storage'] = storage;
    const file = element('span', { class: 'copyable' }, foreign(settingsFile), this.#copyFile);
    const secrets = [say('settings-page.kept.secrets'), storage] as const;
    this.#kept.replaceChildren(factList([secrets, [say('settings-page.kept.file'), file]]));
  }
}

function sayClearing(seconds: number): string {
  return seconds === 0
    ? say('settings-page.clipboard.never')
    : say('settings-page.clipboard.after', { duration: sayDuration(seconds * 1000) });
}
