import { say } from '../../words/say.ts';
import { sayTime, sayTimeLeft } from '../../words/time.ts';
import { drawn, element } from '../elements/element.ts';
import type { TokenLife } from './token-life.ts';

/** The edge of the drawing in its own units. */
const SIZE = 120;
const CENTRE = String(SIZE / 2);
const RADIUS = '52';

/** Below this share of its lifetime a token is shown as expiring soon: Tokentray renews much earlier. */
const SOON = 0.1;

/** The token's lifetime as a ring that empties, with a mark where it will be renewed. Its label says the same. */
export class Ring {
  readonly node = element('div', { class: 'ring', role: 'img' });
  readonly #rest = drawn('circle', {
    class: 'ring-rest',
    cx: CENTRE,
    cy: CENTRE,
    r: RADIUS,
    pathLength: '100',
    // SVG circles start on the right.
    transform: `rotate(-90 ${CENTRE} ${CENTRE})`,
  });
  readonly #renewal = drawn('line', { class: 'ring-renewal', x1: CENTRE, x2: CENTRE, y1: '1', y2: '15' });
  readonly #left = element('span', { class: 'ring-left' });

  constructor() {
    const track = drawn('circle', { class: 'ring-track', cx: CENTRE, cy: CENTRE, r: RADIUS });
    const view = { viewBox: `0 0 ${SIZE} ${SIZE}`, 'aria-hidden': 'true' };
    this.node.append(drawn('svg', view, track, this.#rest, this.#renewal), this.#left);
  }

  /** @param now milliseconds since the epoch */
  show(life: TokenLife, now: number): void {
    const whole = life.kind === 'good' ? life.whole : undefined;
    const left = life.kind === 'good' ? (whole?.left ?? 1) : 0;
    this.node.dataset['life'] = life.kind === 'good' && left < SOON ? 'soon' : life.kind;
    this.#rest.setAttribute('stroke-dasharray', `${(left * 100).toFixed(2)} 100`);
    // The rest starts at the top and shrinks from its other end.
    const renewedAt = whole?.renewedAt;
    this.#renewal.classList.toggle('gone', renewedAt === undefined);
    if (renewedAt !== undefined) {
      const degrees = ((1 - renewedAt) * 360).toFixed(1);
      this.#renewal.setAttribute('transform', `rotate(${degrees} ${CENTRE} ${CENTRE})`);
    }
    this.#left.textContent = shortly(life);
    this.node.setAttribute('aria-label', inWords(life, now));
  }
}

function shortly(life: TokenLife): string {
  switch (life.kind) {
    case 'none':
      return say('token.none');
    case 'expired':
      return say('page.ring.expired');
    case 'good':
      return say('page.ring.left', { left: sayTimeLeft(life.leftMs) });
  }
}

function inWords(life: TokenLife, now: number): string {
  switch (life.kind) {
    case 'none':
      return say('token.none');
    case 'expired':
      return say('token.expired', { time: sayTime(life.expiresOn, now) });
    case 'good': {
      const [left, time] = [sayTimeLeft(life.leftMs), sayTime(life.expiresOn, now)];
      return life.whole === undefined
        ? say('token.good-until.left', { left, time })
        : say('page.ring.all', { left, time, all: sayTimeLeft(life.whole.ms) });
    }
  }
}
