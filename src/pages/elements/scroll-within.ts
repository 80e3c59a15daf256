/**
 * Shows an item of a list that scrolls, by scrolling the list alone: `scrollIntoView` would move the page too, away
 * from the field in which somebody types.
 */
export function scrollWithin(list: HTMLElement, item: Element): void {
  const shown = list.getBoundingClientRect();
  const { top, bottom } = item.getBoundingClientRect();
  if (top < shown.top) list.scrollTop -= shown.top - top;
  else if (bottom > shown.bottom) list.scrollTop += bottom - shown.bottom;
}
