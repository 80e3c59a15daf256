import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { ImageState } from '../../control/control-protocol.ts';
import { recordMethods } from '../control/call-log.ts';

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

interface Representation {
  scaleFactor: number;
  bytes: Buffer;
  width: number;
  height: number;
}

/** A picture. PNG files are read for their size; nothing is decoded. */
export class StandInNativeImage implements Pick<
  Electron.NativeImage,
  | 'addRepresentation'
  | 'getAspectRatio'
  | 'getScaleFactors'
  | 'getSize'
  | 'isEmpty'
  | 'isMacTemplateImage'
  | 'isTemplateImage'
  | 'resize'
  | 'setTemplateImage'
  | 'toDataURL'
  | 'toPNG'
> {
  isMacTemplateImage = false;
  readonly #path: string | undefined;
  readonly #representations: Representation[];

  constructor(representations: Representation[], path?: string) {
    this.#representations = representations;
    this.#path = path;
  }

  isEmpty(): boolean {
    return this.#representations.length === 0;
  }

  getSize(scaleFactor = 1): Electron.Size {
    const found = this.#best(scaleFactor);
    return found
      ? { width: found.width / found.scaleFactor, height: found.height / found.scaleFactor }
      : { width: 0, height: 0 };
  }

  getAspectRatio(): number {
    const { width, height } = this.getSize();
    return height === 0 ? 0 : width / height;
  }

  getScaleFactors(): number[] {
    return this.#representations.map(({ scaleFactor }) => scaleFactor);
  }

  addRepresentation({ scaleFactor = 1, buffer, dataURL }: Electron.AddRepresentationOptions): void {
    const bytes = buffer ?? Buffer.from(dataURL?.split(',')[1] ?? '', 'base64');
    this.#representations.push(...read(bytes, scaleFactor));
  }

  setTemplateImage(option: boolean): void {
    this.isMacTemplateImage = option;
  }

  isTemplateImage(): boolean {
    return this.isMacTemplateImage;
  }

  resize({ width, height }: Electron.ResizeOptions): StandInNativeImage & Electron.NativeImage {
    const size = this.getSize();
    const bytes = this.#best(1)?.bytes ?? Buffer.alloc(0);
    const resized = { scaleFactor: 1, bytes, width: width ?? size.width, height: height ?? size.height };
    return asElectron(new StandInNativeImage([resized], this.#path));
  }

  toPNG(): Buffer {
    return this.#best(1)?.bytes ?? Buffer.alloc(0);
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.toPNG().toString('base64')}`;
  }

  _state(): ImageState {
    return {
      path: this.#path,
      empty: this.isEmpty(),
      ...this.getSize(),
      scaleFactors: this.getScaleFactors(),
      template: this.isMacTemplateImage,
      sha256: createHash('sha256').update(this.toPNG()).digest('hex'),
    };
  }

  #best(scaleFactor: number): Representation | undefined {
    return this.#representations.find((one) => one.scaleFactor === scaleFactor) ?? this.#representations[0];
  }
}
recordMethods('NativeImage', StandInNativeImage);

/** What Electron exports as `nativeImage`. */
export const nativeImage = {
  createEmpty: () => asElectron(new StandInNativeImage([])),
  createFromPath: (path: string) => asElectron(imageFromPath(path)),
  createFromBuffer: (buffer: Buffer, options: Electron.CreateFromBufferOptions = {}) =>
    asElectron(new StandInNativeImage(read(buffer, options.scaleFactor ?? 1))),
  createFromDataURL: (dataURL: string) =>
    asElectron(new StandInNativeImage(read(Buffer.from(dataURL.split(',')[1] ?? '', 'base64'), 1))),
} satisfies Partial<typeof Electron.nativeImage>;

/** Reads a picture the way `Tray` and `Notification` take it. @throws as Electron does for a missing file */
export function imageFrom(image: Electron.NativeImage | string): StandInNativeImage {
  if (typeof image !== 'string') return image as unknown as StandInNativeImage;
  const read = imageFromPath(image);
  if (read.isEmpty()) throw new Error(`Failed to load image from path '${image}'`);
  return read;
}

function imageFromPath(path: string): StandInNativeImage {
  const doubled = path.replace(/(\.\w+)$/, '@2x$1');
  const representations = [...readFile(path, 1), ...(doubled === path ? [] : readFile(doubled, 2))];
  const image = new StandInNativeImage(representations, path);
  // By its name alone, on macOS.
  image.isMacTemplateImage = process.platform === 'darwin' && /Template(@\dx)?\.\w+$/.test(path);
  return image;
}

function readFile(path: string, scaleFactor: number): Representation[] {
  return existsSync(path) ? read(readFileSync(path), scaleFactor) : [];
}

/** Anything but a PNG stays empty: on Linux Electron reads JPEG too, but no ICO or SVG. */
function read(bytes: Buffer, scaleFactor: number): Representation[] {
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return [];
  return [{ scaleFactor, bytes, width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }];
}

/** The class models a part of NativeImage; the product is only ever given this part. */
function asElectron(image: StandInNativeImage): StandInNativeImage & Electron.NativeImage {
  return image as unknown as StandInNativeImage & Electron.NativeImage;
}
