// A user's hands and eyes in one window. Elements are found by script, but clicked and typed into as real
// input events, so that focus, validation and user activation behave.
import type { UserHand } from '../../control/control-protocol.ts';
import type { StandInBrowserWindow } from '../window/browser-window.ts';
import { CdpError, ignoreGone } from '../chromium/cdp.ts';
import { fire, makeEvent } from './event.ts';
import { StandInMenu } from '../native/menu.ts';
import type { Page } from '../chromium/page.ts';

/** How long one look for an element lasts before it is begun again: the page may have navigated. */
const LOOK_MS = 1000;

/** Does one thing in a window. */
export async function useHand(window: StandInBrowserWindow, hand: UserHand): Promise<unknown> {
  if (hand.do === 'close' || hand.do === 'focus') {
    if (hand.do === 'close') window._close();
    else window._focus();
    return null;
  }
  const page = await window.webContents._page();
  switch (hand.do) {
    case 'fill':
      await click(page, hand.selector, hand.limitMs);
      await page.evaluate(`document.activeElement.select?.()`);
      await page.send('Input.insertText', { text: hand.value });
      return null;
    case 'select':
      await waitFor(page, hand.selector, hand.limitMs);
      return page.evaluate(`(() => { const e = ${element(hand.selector)}; e.value = ${JSON.stringify(hand.value)};
        e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true })); })()`);
    case 'click':
      return click(page, hand.selector, hand.limitMs);
    case 'press':
      return press(page, window, hand.key);
    case 'contextMenu':
      return contextMenu(page, window, hand.selector, hand.limitMs);
    case 'waitFor':
      return waitFor(page, hand.selector, hand.limitMs);
    case 'url':
      return window.webContents._navigation.visibleUrl();
    case 'text':
      return page.evaluate('document.body?.innerText ?? ""');
    case 'html':
      return page.evaluate('document.documentElement.outerHTML');
    case 'evaluate':
      return page.evaluate(hand.expression);
    case 'screenshot':
      return (await page.send('Page.captureScreenshot', { format: 'png' })).data;
    case 'crash':
      // Never answered: the page is gone.
      page.send('Page.crash').catch(ignoreGone);
      return null;
  }
}

async function click(page: Page, selector: string, limitMs: number): Promise<null> {
  await waitFor(page, selector, limitMs);
  const point = (await page.evaluate(`(() => {
    const e = ${element(selector)};
    e.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = e.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2, disabled: e.disabled === true };
  })()`)) as { x: number; y: number; disabled: boolean };
  if (point.disabled) throw new Error(`${selector} is disabled`);
  const at = { x: point.x, y: point.y, button: 'left', clickCount: 1 } as const;
  await page.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: at.x, y: at.y });
  await page.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...at });
  // The page may be gone before it has answered: the click may have closed it.
  await page.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...at }).catch(ignoreGone);
  return null;
}

/** Fired by hand: DevTools does not tell of it. The flags are those of Chromium for fields without history. */
async function contextMenu(
  page: Page,
  window: StandInBrowserWindow,
  selector: string,
  limitMs: number,
): Promise<unknown> {
  await waitFor(page, selector, limitMs);
  const { isEditable, selectionText } = (await page.evaluate(`(() => {
    const e = ${element(selector)};
    const isEditable = e.matches('input, textarea, [contenteditable]') && !e.readOnly && !e.disabled;
    const own = isEditable && e.type !== 'password' ? e.value?.slice(e.selectionStart, e.selectionEnd) : undefined;
    return { isEditable, selectionText: own ?? String(getSelection()) };
  })()`)) as { isEditable: boolean; selectionText: string };
  const before = StandInMenu._lastPopup();
  const editFlags = {
    canCut: isEditable && selectionText !== '',
    canCopy: selectionText !== '',
    canPaste: isEditable,
    canSelectAll: true,
  };
  fire(window.webContents, 'context-menu', makeEvent({}), { isEditable, selectionText, editFlags });
  const popup = StandInMenu._lastPopup();
  return popup === before ? null : (popup?._state() ?? null);
}

async function press(page: Page, window: StandInBrowserWindow, pressed: string): Promise<null> {
  const control = pressed.startsWith('Control+');
  const key = control ? pressed.slice('Control+'.length) : pressed;
  const event = makeEvent({});
  fire(window.webContents, 'before-input-event', event, {
    type: 'keyDown',
    key,
    code: key,
    isAutoRepeat: false,
    isComposing: false,
    shift: false,
    control,
    alt: false,
    meta: false,
    location: 0,
    modifiers: [],
  });
  if (event.defaultPrevented || control) return null;
  const codes: Record<string, number> = { Enter: 13, Escape: 27, Tab: 9, Backspace: 8 };
  const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
  const named = { key, code: key, windowsVirtualKeyCode: codes[key] ?? key.toUpperCase().charCodeAt(0) };
  await page.send('Input.dispatchKeyEvent', {
    type: text === undefined ? 'rawKeyDown' : 'keyDown',
    ...named,
    ...(text === undefined ? {} : { text }),
  });
  await page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...named }).catch(ignoreGone);
  return null;
}

/** Waits until an element is there and can be seen. */
async function waitFor(page: Page, selector: string, limitMs: number): Promise<null> {
  const end = performance.now() + limitMs;
  for (;;) {
    if (await look(page, selector)) return null;
    if (performance.now() > end) {
      const text = String(await page.evaluate('document.URL + "\\n" + (document.body?.innerText ?? "")'));
      throw new Error(`no visible "${selector}" within ${limitMs} ms; the page is:\n${text.slice(0, 2000)}`);
    }
  }
}

async function look(page: Page, selector: string): Promise<boolean> {
  try {
    const found = await page.evaluate(`new Promise((resolve) => {
      const visible = () => { const e = ${element(selector)}; return e !== null && e.getClientRects().length > 0; };
      if (visible()) return resolve(true);
      const observer = new MutationObserver(() => { if (visible()) { observer.disconnect(); resolve(true); } });
      observer.observe(document, { childList: true, subtree: true, attributes: true });
      setTimeout(() => { observer.disconnect(); resolve(visible()); }, ${LOOK_MS});
    })`);
    return found === true;
  } catch (error) {
    // The page navigated while we looked: look again at the new one.
    if (error instanceof CdpError && !error.message.includes('gone')) return false;
    throw error;
  }
}

function element(selector: string): string {
  return `document.querySelector(${JSON.stringify(selector)})`;
}
