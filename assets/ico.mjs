// The ICO container: a directory of images, each an unchanged PNG (supported since Windows Vista).
// https://learn.microsoft.com/en-us/previous-versions/ms997538(v=msdn.10)

const HEADER_BYTES = 6;
const ENTRY_BYTES = 16;
/** Windows' own name for "an icon", where 2 would be a cursor. */
const TYPE_ICON = 1;

/** The edge of a square PNG in pixels, from its IHDR chunk. */
const edgeOf = (png) => png.readUInt32BE(16);

/** An .ico of square PNGs, up to 256 pixels each. */
export function icoOf(pngs) {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16LE(TYPE_ICON, 2);
  header.writeUInt16LE(pngs.length, 4);
  let offset = HEADER_BYTES + ENTRY_BYTES * pngs.length;
  const entries = pngs.map((png) => {
    const entry = Buffer.alloc(ENTRY_BYTES);
    // One byte each: 256 is written as 0.
    entry.writeUInt8(edgeOf(png) % 256, 0);
    entry.writeUInt8(edgeOf(png) % 256, 1);
    entry.writeUInt16LE(1, 4); // planes
    entry.writeUInt16LE(32, 6); // bits a pixel
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...pngs]);
}
