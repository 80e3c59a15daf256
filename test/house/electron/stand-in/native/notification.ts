import { EventEmitter } from 'node:events';
import type { NotificationState } from '../../control/control-protocol.ts';
import { announce } from '../control/announce.ts';
import { recordCall, recordMethods } from '../control/call-log.ts';
import { fire, makeEvent } from '../control/event.ts';
import { imageFrom } from './native-image.ts';

const shown: StandInNotification[] = [];
let supported = true;

/** A notification. It is shown to nobody, and kept for the test. */
export class StandInNotification
  extends EventEmitter
  implements
    Pick<
      Electron.Notification,
      'actions' | 'body' | 'close' | 'show' | 'silent' | 'subtitle' | 'timeoutType' | 'title' | 'urgency'
    >
{
  title: string;
  subtitle: string;
  body: string;
  silent: boolean;
  urgency: 'normal' | 'critical' | 'low';
  timeoutType: 'default' | 'never';
  actions: Electron.NotificationAction[];
  readonly #icon: Electron.NotificationConstructorOptions['icon'];
  #state: 'new' | 'open' | 'closed' = 'new';

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super();
    recordCall('new Notification', [options]);
    this.title = options.title ?? '';
    this.subtitle = options.subtitle ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
    this.urgency = options.urgency ?? 'normal';
    this.timeoutType = options.timeoutType ?? 'default';
    this.actions = options.actions ?? [];
    this.#icon = options.icon;
  }

  static isSupported(): boolean {
    return supported;
  }

  static _setSupported(next: boolean): void {
    supported = next;
  }

  static _shown(): readonly StandInNotification[] {
    return shown;
  }

  show(): void {
    if (!supported) return;
    this.#state = 'open';
    shown.push(this);
    announce('notifications');
    // The desktop answers later.
    setImmediate(() => fire(this, 'show', makeEvent({})));
  }

  close(): void {
    this._close();
  }

  _close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closed';
    announce('notifications');
    setImmediate(() => fire(this, 'close', makeEvent({ reason: 'applicationHidden' })));
  }

  /** Something happens to the notification on the screen. */
  _cause(event: 'click' | 'close' | 'failed' | 'action'): void {
    if (event === 'close') this._close();
    else if (event === 'failed') fire(this, 'failed', makeEvent({}), 'the stand-in was told to fail');
    else if (event === 'action')
      fire(this, 'action', makeEvent({ actionIndex: 0, selectionIndex: -1 }), 0, -1);
    else fire(this, 'click', makeEvent({}));
  }

  _state(): NotificationState {
    return {
      title: this.title,
      body: this.body,
      subtitle: this.subtitle,
      silent: this.silent,
      urgency: this.urgency,
      actions: this.actions.map(({ text }) => text ?? ''),
      icon: this.#icon === undefined ? undefined : imageFrom(this.#icon)._state(),
      closed: this.#state === 'closed',
    };
  }
}
recordMethods('Notification', StandInNotification);
