// Makes a small PNG with a palette; Chromium's have 24 bits per pixel.
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The size of a palette; rarer colors are shades at the edges of letters. */
const MOST_COLOURS = 256;

/** A chunk with its four parts (PNG specification, 5.3). */
function chunk(name, data) {
  const typed = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

/** The most frequent colors, and the index of each pixel's own or nearest one. */
function withPalette(rgba) {
  const colourAt = (pixel) => (rgba[4 * pixel] << 16) | (rgba[4 * pixel + 1] << 8) | rgba[4 * pixel + 2];
  const all = Array.from({ length: rgba.length / 4 }, (_, pixel) => colourAt(pixel));
  const counts = new Map();
  for (const colour of all) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = [...counts.keys()]
    .toSorted((one, other) => counts.get(other) - counts.get(one))
    .slice(0, MOST_COLOURS);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  for (const colour of counts.keys()) if (!places.has(colour)) places.set(colour, nearest(colour, palette));
  return { pixels: Buffer.from(all.map((colour) => places.get(colour))), colours: palette.map(parts) };
}

const parts = (colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];

function nearest(colour, palette) {
  const [red, green, blue] = parts(colour);
  const distances = palette.map((known) => {
    const [r, g, b] = parts(known);
    return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  });
  return distances.indexOf(Math.min(...distances));
}

/** The PNG of an opaque image (four bytes per pixel) in its most frequent colors. */
export function smallPng(rgba, width, height) {
  const { pixels, colours } = withPalette(rgba);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits per pixel: indexes into the palette.
  header.set([8, 3], 8);
  const rows = Array.from({ length: height }, (_, row) =>
    Buffer.concat([Buffer.from([0]), pixels.subarray(row * width, (row + 1) * width)]),
  );
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colours.flat())),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
