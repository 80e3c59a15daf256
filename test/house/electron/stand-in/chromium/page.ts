// One page in Chromium: its target and, below it, those of its out-of-process frames and workers. Every one
// is held until its requests are watched, so that none gets away unseen.
import { Browser, type Attached } from './browser.ts';
import {
  ignoreGone,
  type CdpEvent,
  type CdpMethod,
  type CdpParams,
  type CdpResult,
  type Protocol,
} from './cdp.ts';
import { BINDING, DELIVER, type FromPage, type ToPage } from '../window/preload.ts';
import { handlePaused, type RequestSource } from './requests.ts';
import type { StandInSession } from '../session/session.ts';

/** A world of our own in every document: the page cannot see it, nor its policy stop it. */
const OWN_WORLD = 'electron-stand-in';
const TITLE_BINDING = 'standInTitle';
/** DevTools tells of a title only while a document loads. */
const TITLE_SCRIPT = `if (globalThis.top === globalThis) {
  let last = '';
  const report = () => { if (document.title !== last) ${TITLE_BINDING}(last = document.title); };
  new MutationObserver(report).observe(document, { subtree: true, childList: true, characterData: true });
}`;

/** What a page tells the web contents it belongs to. */
export interface PageOwner {
  /** All that requests.ts wants to know, but the way to send. */
  source: Omit<RequestSource, 'send'>;
  session: StandInSession;
  /** The script of the window's preload, if it has one. */
  preload: string | undefined;
  userAgent: string | undefined;
  event(event: CdpEvent, isRoot: boolean): void;
  title(title: string): void;
  popup(popup: Attached): void;
  gone(): void;
  ownsFrame(frameId: string): boolean;
  download(download: Protocol.Browser.downloadWillBeginPayload): void;
  fromPage(message: FromPage): void;
  login(
    challenge: Protocol.Fetch.AuthChallenge,
    url: string,
  ): Promise<{ username: string; password: string } | undefined>;
  crashed(): void;
}

export class Page {
  readonly targetId: string;
  readonly #browser: Browser;
  readonly #root: string;
  readonly #owner: PageOwner;
  readonly #sessions = new Set<string>();

  /** Takes a target that still waits, and lets it run once everything is in place. */
  static async take(attached: Attached, owner: PageOwner): Promise<Page> {
    const page = new Page(await Browser.get(), attached, owner);
    await page.#start();
    return page;
  }

  private constructor(browser: Browser, attached: Attached, owner: PageOwner) {
    this.targetId = attached.target.targetId;
    this.#browser = browser;
    this.#root = attached.sessionId;
    this.#owner = owner;
  }

  /** Sends a command to the page's main frame. */
  send<M extends CdpMethod>(method: M, params?: CdpParams<M>): Promise<CdpResult<M>> {
    return this.#browser.send(method, params, this.#root);
  }

  /** Runs a script in the main frame and waits for its value. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as unknown;
  }

  /** Delivers a message to the page's preload. */
  async deliver(message: ToPage): Promise<void> {
    await this.send('Runtime.evaluate', {
      expression: `globalThis.${DELIVER}?.(${JSON.stringify(message)})`,
    });
  }

  close(): void {
    this.#owner.session._pageSessions.delete(this.#root);
    this.#browser.closePage(this.targetId);
  }

  async #start(): Promise<void> {
    this.#browser.own(this.targetId, this.#owner);
    this.#owner.session._pageSessions.add(this.#root);
    const { userAgent, preload } = this.#owner;
    await this.#adopt(this.#root, 'page', () => {
      const steps: Promise<unknown>[] = [
        this.send('Inspector.enable'),
        this.send('Emulation.setFocusEmulationEnabled', { enabled: true }),
        this.send('Runtime.enable'),
        this.send('Runtime.addBinding', { name: TITLE_BINDING, executionContextName: OWN_WORLD }),
        this.send('Page.addScriptToEvaluateOnNewDocument', { source: TITLE_SCRIPT, worldName: OWN_WORLD }),
      ];
      if (userAgent !== undefined) steps.push(this.send('Emulation.setUserAgentOverride', { userAgent }));
      if (preload !== undefined) {
        steps.push(this.send('Runtime.addBinding', { name: BINDING }));
        steps.push(this.send('Page.addScriptToEvaluateOnNewDocument', { source: preload }));
      }
      return steps;
    });
  }

  async #adopt(sessionId: string, type: string, prepare: () => Promise<unknown>[]): Promise<void> {
    this.#sessions.add(sessionId);
    const source: RequestSource = {
      ...this.#owner.source,
      send: (method, params) => this.#browser.send(method, params, sessionId),
    };
    this.#browser.listen(sessionId, (event) => this.#onEvent(event, sessionId, source));
    const send: Browser['send'] = (method, params) => this.#browser.send(method, params, sessionId);
    const steps: Promise<unknown>[] = [
      send('Fetch.enable', {
        patterns: [{ urlPattern: '*', requestStage: 'Request' }],
        handleAuthRequests: true,
      }),
      send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
    ];
    if (type === 'page' || type === 'iframe') steps.push(send('Page.enable'), send('Network.enable', {}));
    steps.push(...prepare());
    // A worker knows not all of these; a target may be gone again.
    await Promise.all(steps.map((step) => step.catch(ignoreGone)));
    await send('Runtime.runIfWaitingForDebugger').catch(ignoreGone);
  }

  #onEvent(event: CdpEvent, sessionId: string, source: RequestSource): void {
    switch (event.method) {
      case 'Fetch.requestPaused':
        void handlePaused(source, event.params as Protocol.Fetch.requestPausedPayload);
        break;
      case 'Fetch.authRequired':
        void this.#authenticate(event.params as Protocol.Fetch.authRequiredPayload, sessionId);
        break;
      case 'Target.attachedToTarget': {
        const { sessionId: child, targetInfo } = event.params as Protocol.Target.attachedToTargetPayload;
        void this.#adopt(child, targetInfo.type, () => []);
        break;
      }
      case 'Runtime.bindingCalled': {
        const { name, payload } = event.params as Protocol.Runtime.bindingCalledPayload;
        if (name === TITLE_BINDING) this.#owner.title(payload);
        if (name === BINDING) this.#owner.fromPage(JSON.parse(payload) as FromPage);
        break;
      }
      case 'Inspector.targetCrashed':
        this.#owner.crashed();
        break;
      default:
        this.#owner.event(event, sessionId === this.#root);
    }
  }

  async #authenticate(
    { requestId, authChallenge, request }: Protocol.Fetch.authRequiredPayload,
    sessionId: string,
  ): Promise<void> {
    const credentials = await this.#owner.login(authChallenge, request.url);
    const authChallengeResponse: Protocol.Fetch.AuthChallengeResponse = credentials
      ? { response: 'ProvideCredentials', ...credentials }
      : { response: 'CancelAuth' };
    await this.#browser
      .send('Fetch.continueWithAuth', { requestId, authChallengeResponse }, sessionId)
      .catch(ignoreGone);
  }
}
