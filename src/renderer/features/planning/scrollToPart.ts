/**
 * Scrolls what a part of the panel scrolls in until the part begins at its upper edge, below what stays there
 * (scroll-margin-top). Not scrollIntoView, which moves what lies around it too. On wide screens the panel is enlarged
 * (app/layout.css): its boxes on the screen are larger than what it scrolls by.
 */
export function scrollToPart(part: HTMLElement): void {
  const scrolled = scrollerOf(part);
  if (!scrolled) return;
  const below = Number.parseFloat(getComputedStyle(part).scrollMarginTop) || 0;
  scrolled.scrollTop += distanceDown(scrolled, part) - below;
}

/** From the upper edge of what scrolls to that of a part of it, in the lengths that it scrolls by. */
export function distanceDown(
  scrolled: Pick<HTMLElement, 'offsetHeight' | 'getBoundingClientRect'>,
  part: Pick<HTMLElement, 'getBoundingClientRect'>,
): number {
  const box = scrolled.getBoundingClientRect();
  const scale = box.height / scrolled.offsetHeight || 1;
  return (part.getBoundingClientRect().top - box.top) / scale;
}

function scrollerOf(part: HTMLElement): HTMLElement | null {
  for (let above = part.parentElement; above; above = above.parentElement) {
    const { overflowY } = getComputedStyle(above);
    if ((overflowY === 'auto' || overflowY === 'scroll') && above.scrollHeight > above.clientHeight)
      return above;
  }
  return null;
}
