type Box = Pick<DOMRect, 'top' | 'height'>;

interface Scrolled {
  scrollTop: number;
  readonly offsetHeight: number;
  getBoundingClientRect(): Box;
}

/**
 * Scrolls a panel until a part of it begins at its upper edge. Not scrollIntoView, which moves what lies around the panel too.
 * On wide screens the panel is enlarged (app/layout.css): its boxes on the screen are larger than what it scrolls by.
 */
export function scrollToPart(scrolled: Scrolled, part: { getBoundingClientRect(): Box }): void {
  const box = scrolled.getBoundingClientRect();
  const scale = box.height / scrolled.offsetHeight || 1;
  scrolled.scrollTop += (part.getBoundingClientRect().top - box.top) / scale;
}
