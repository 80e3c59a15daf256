import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  iconFile,
  panelTheme,
  worstIcon,
  type IconName,
  type PanelTheme,
} from '../../../src/tray/menu/icons.ts';

const icons: readonly IconName[] = ['signed-out', 'signed-in', 'refreshing', 'attention', 'offline'];
const themes: readonly PanelTheme[] = ['light', 'dark'];

const read = (file: string): Buffer => readFileSync(new URL(`../../../assets/${file}`, import.meta.url));

const PNG_SIGNATURE = '89504e470d0a1a0a';

/** Width and height from the PNG's header; throws if it is invalid. */
function sizeOf(png: Buffer): [number, number] {
  expect(png.subarray(0, 8).toString('hex')).toBe(PNG_SIGNATURE);
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

/** The images in an .ico's directory, which must cover the file to its last byte. */
function picturesOf(ico: Buffer): Buffer[] {
  expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1]);
  let end = 6 + 16 * ico.readUInt16LE(4);
  const pictures = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const entry = 6 + 16 * index;
    const [length, offset] = [ico.readUInt32LE(entry + 8), ico.readUInt32LE(entry + 12)];
    expect(offset).toBe(end);
    end = offset + length;
    const picture = ico.subarray(offset, end);
    expect(sizeOf(picture)).toEqual([ico[entry]! || 256, ico[entry + 1]! || 256]);
    return picture;
  });
  expect(ico.length).toBe(end);
  return pictures;
}

describe('the file of an icon', () => {
  test.each(icons)('%s exists for every platform and theme, in the required sizes', (icon) => {
    const doubled = (file: string): string => `tray/${file.replace('.png', '@2x.png')}`;
    for (const theme of themes) {
      const mac = iconFile(icon, 'darwin', theme);
      // Electron treats files with this name as template images (https://www.electronjs.org/docs/latest/api/native-image).
      expect(mac).toMatch(/Template\.png$/u);
      expect(sizeOf(read(`tray/${mac}`))).toEqual([16, 16]);
      expect(sizeOf(read(doubled(mac)))).toEqual([32, 32]);
      const linux = iconFile(icon, 'linux', theme);
      expect(sizeOf(read(`tray/${linux}`))).toEqual([22, 22]);
      expect(sizeOf(read(doubled(linux)))).toEqual([44, 44]);
      const pictures = picturesOf(read(`tray/${iconFile(icon, 'win32', theme)}`));
      expect(pictures.map((png) => sizeOf(png)[0])).toEqual([16, 20, 24, 32, 48]);
    }
  });

  test('no two states or themes share an image', () => {
    const files = (['darwin', 'win32', 'linux'] as const).flatMap((platform) =>
      icons.flatMap((icon) => themes.map((theme) => iconFile(icon, platform, theme))),
    );
    const distinct = [...new Set(files)];
    expect(distinct).toHaveLength(5 + 10 + 10);
    expect(new Set(distinct.map((file) => read(`tray/${file}`).toString('base64'))).size).toBe(25);
  });

  test('the application has icons for packaging', () => {
    expect(sizeOf(read('app/icon.png'))).toEqual([512, 512]);
    expect(sizeOf(read('app/icon-256.png'))).toEqual([256, 256]);
    expect(picturesOf(read('app/icon.ico')).map((png) => sizeOf(png)[0])).toEqual([
      16, 24, 32, 48, 64, 128, 256,
    ]);
  });
});

describe('the theme of the panel behind an icon', () => {
  const colours = (applications: PanelTheme, integrated: PanelTheme): Parameters<typeof panelTheme>[1] => ({
    shouldUseDarkColors: applications === 'dark',
    shouldUseDarkColorsForSystemIntegratedUI: integrated === 'dark',
  });

  test.each<[NodeJS.Platform, PanelTheme, PanelTheme, string | undefined, PanelTheme]>([
    // Windows has separate settings for the two.
    ['win32', 'light', 'dark', undefined, 'dark'],
    ['win32', 'dark', 'light', undefined, 'light'],
    ['linux', 'light', 'light', 'KDE', 'light'],
    ['linux', 'dark', 'light', 'KDE', 'dark'],
    ['linux', 'dark', 'light', undefined, 'dark'],
    // On Linux this value is not reported, so it is ignored.
    ['linux', 'light', 'dark', 'XFCE', 'light'],
    ['linux', 'light', 'light', 'ubuntu:GNOME', 'dark'],
    ['linux', 'light', 'light', 'GNOME-Flashback-like', 'light'],
  ])(
    '%s, applications %s, taskbar %s, desktop %s: %s',
    (platform, applications, integrated, desktop, wanted) => {
      expect(panelTheme(platform, colours(applications, integrated), desktop)).toBe(wanted);
    },
  );
});

test('the worst icon represents all profiles', () => {
  expect(worstIcon([])).toBe('signed-out');
  expect(worstIcon(['signed-in', 'refreshing'])).toBe('refreshing');
  expect(worstIcon(['refreshing', 'signed-out', 'signed-in'])).toBe('signed-out');
  expect(worstIcon(['offline', 'signed-out'])).toBe('offline');
  expect(worstIcon(icons)).toBe('attention');
});
