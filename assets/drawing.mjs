// The product's shapes: a token standing in a tray. What stands in the tray differs by state, so that states are
// recognizable by shape alone. Drawn on a grid of 16 units, the smallest icon size: straight edges lie on whole
// pixels at 16, 32 and 48.

const tray = (colour) =>
  `<path d="M1 11 V13 A2 2 0 0 0 3 15 H13 A2 2 0 0 0 15 13 V11" fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="round"/>`;

const line = (colour, d, width) =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;

/** White stays, black is cut out: a template image has only one color and transparency. */
const cut = (shape, hole) =>
  `<mask id="hole" maskUnits="userSpaceOnUse" x="0" y="0" width="16" height="16"><rect width="16" height="16" fill="#fff"/>${hole}</mask><g mask="url(#hole)">${shape}</g>`;

/** What stands in the tray, in each state. */
const contents = {
  // The outline of a missing token.
  'signed-out': (colour) =>
    `<circle cx="8" cy="6" r="4.75" fill="none" stroke="${colour}" stroke-width="1.7" stroke-dasharray="5 2.461" stroke-dashoffset="2.5"/>`,
  // The token with a check mark.
  'signed-in': (colour) =>
    cut(`<circle cx="8" cy="6" r="5.75" fill="${colour}"/>`, line('#000', 'M5.4 6.2 L7.2 8 L10.6 4.3', 1.7)),
  // Two arrows in a circle.
  refreshing: (colour) =>
    line(colour, 'M3.35 5.2 A4.75 4.75 0 0 1 11.2 2.5', 1.7) +
    line(colour, 'M12.65 6.8 A4.75 4.75 0 0 1 4.8 9.5', 1.7) +
    `<path d="M13.2 0.3 V4.6 H8.9 Z" fill="${colour}"/><path d="M2.8 11.7 V7.4 H7.1 Z" fill="${colour}"/>`,
  // A warning sign.
  attention: (colour) =>
    cut(
      `<path d="M8 1.2 L13.6 11 H2.4 Z" fill="${colour}" stroke="${colour}" stroke-width="1.8" stroke-linejoin="round"/>`,
      line('#000', 'M8 4.4 V7.4', 1.7) + '<circle cx="8" cy="9.8" r="1" fill="#000"/>',
    ),
  // The token's outline, struck through.
  offline: (colour) =>
    cut(
      `<circle cx="8" cy="6" r="4.9" fill="none" stroke="${colour}" stroke-width="1.6"/>`,
      line('#000', 'M3 11 L13 1', 3.8),
    ) + line(colour, 'M3.4 10.6 L12.6 1.4', 1.6),
};

/** The states with an icon, in the order of the sheet. */
export const STATES = Object.keys(contents);

/**
 * A state's icon as SVG. `halo` is a color around the shapes, for panels of unknown color: it keeps a dark icon
 * visible on a dark panel.
 */
export function stateIcon(state, { ink, accent = ink, size, halo }) {
  const shapes = contents[state](accent) + tray(ink);
  const around =
    halo === undefined
      ? shapes
      : `<filter id="halo" filterUnits="userSpaceOnUse" x="-1" y="-1" width="18" height="18"><feMorphology in="SourceAlpha" operator="dilate" radius="0.6"/><feGaussianBlur stdDeviation="0.15" result="grown"/><feFlood flood-color="${halo}" flood-opacity="0.75"/><feComposite in2="grown" operator="in"/><feComposite in="SourceGraphic" operator="over"/></filter><g filter="url(#halo)">${shapes}</g>`;
  // The halo needs a margin inside the image.
  const box = halo === undefined ? '0 0 16 16' : '-0.75 -0.75 17.5 17.5';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="${box}" style="display:block">${around}</svg>`;
}

/** The application's icon as SVG: the token with its check mark in the tray, on a rounded square. */
export function applicationIcon(size) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 32 32" style="display:block"><defs><linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#2563a8"/><stop offset="1" stop-color="#173f73"/></linearGradient></defs><rect x="1" y="1" width="30" height="30" rx="7" fill="url(#ground)"/><g transform="translate(5.6 5.4) scale(1.3)">${cut('<circle cx="8" cy="6" r="5.75" fill="#ffd166"/>', line('#000', 'M5.4 6.2 L7.2 8 L10.6 4.3', 1.7))}${tray('#ffffff')}</g></svg>`;
}
