import type { Protocol } from './cdp.ts';

/** A frame of a page, as Electron's events and IPC show it. */
export class StandInFrame implements Pick<
  Electron.WebFrameMain,
  'detached' | 'frameTreeNodeId' | 'isDestroyed' | 'name' | 'origin' | 'processId' | 'routingId' | 'url'
> {
  static #lastId = 0;
  readonly frameTreeNodeId = ++StandInFrame.#lastId;
  readonly routingId = this.frameTreeNodeId;
  readonly processId = 1;
  readonly parent: StandInFrame | null;
  url = '';
  name = '';
  detached = false;

  constructor(parent: StandInFrame | null) {
    this.parent = parent;
  }

  get top(): StandInFrame {
    return this.parent?.top ?? this;
  }

  get origin(): string {
    if (!URL.canParse(this.url)) return 'null';
    const { origin, protocol, host } = new URL(this.url);
    // Node gives "null" for a custom scheme; Chromium knows a registered standard one.
    return origin === 'null' && host !== '' ? `${protocol}//${host}` : origin;
  }

  isDestroyed(): boolean {
    return this.detached;
  }
}

/** The frames of one page. */
export class FrameTree {
  readonly main = new StandInFrame(null);
  readonly #frames = new Map<string, StandInFrame>();

  setMain(frameId: string): void {
    this.#frames.set(frameId, this.main);
  }

  get(frameId: string | undefined): StandInFrame | null {
    return this.#frames.get(frameId ?? '') ?? null;
  }

  attached({ frameId, parentFrameId }: Protocol.Page.frameAttachedPayload): void {
    if (!this.#frames.has(frameId))
      this.#frames.set(frameId, new StandInFrame(this.get(parentFrameId) ?? this.main));
  }

  navigated(frame: Protocol.Page.Frame): void {
    const known = this.get(frame.id) ?? new StandInFrame(this.get(frame.parentId) ?? this.main);
    this.#frames.set(frame.id, known);
    known.url = frame.url + (frame.urlFragment ?? '');
    known.name = frame.name ?? '';
  }

  /** A frame that only moves to another renderer process lives on. */
  detached({ frameId, reason }: Protocol.Page.frameDetachedPayload): void {
    if (reason === 'swap') return;
    const frame = this.#frames.get(frameId);
    if (frame) frame.detached = true;
    this.#frames.delete(frameId);
  }
}
