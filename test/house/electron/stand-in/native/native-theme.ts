import { EventEmitter } from 'node:events';
import { recordMethods } from '../control/call-log.ts';
import { fire } from '../control/event.ts';

/** Electron's `nativeTheme`; the desktop's theme comes from the test. */
export class StandInNativeTheme
  extends EventEmitter
  implements
    Pick<
      Electron.NativeTheme,
      | 'inForcedColorsMode'
      | 'prefersReducedTransparency'
      | 'shouldDifferentiateWithoutColor'
      | 'shouldUseDarkColors'
      | 'shouldUseDarkColorsForSystemIntegratedUI'
      | 'shouldUseHighContrastColors'
      | 'shouldUseInvertedColorScheme'
      | 'themeSource'
    >
{
  readonly inForcedColorsMode = false;
  readonly prefersReducedTransparency = false;
  readonly shouldDifferentiateWithoutColor = false;
  readonly shouldUseHighContrastColors = false;
  readonly shouldUseInvertedColorScheme = false;
  #source: 'system' | 'light' | 'dark' = 'system';
  #system: 'light' | 'dark' = 'light';

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source;
    fire(this, 'updated');
  }

  get shouldUseDarkColors(): boolean {
    return (this.#source === 'system' ? this.#system : this.#source) === 'dark';
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.#system === 'dark';
  }

  _setSystem(theme: 'light' | 'dark'): void {
    this.#system = theme;
    fire(this, 'updated');
  }
}
recordMethods('nativeTheme', StandInNativeTheme);

export const nativeTheme = new StandInNativeTheme();
