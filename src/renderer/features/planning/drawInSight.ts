/** Whether a part of an element lies in the window. What scrolls within the window may still hide it. */
function isInWindow(element: Element): boolean {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return bottom > 0 && right > 0 && top < window.innerHeight && left < window.innerWidth;
}

/**
 * Draws before the next paint; where the element is scrolled out of the window, once it comes into sight: pictures far
 * down in a panel take longer than all that is seen of a drag.
 * @returns gives it up
 */
export function drawInSight(element: Element, draw: () => void): () => void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    draw();
  });
  // One picture a frame, however fast what it shows changes.
  const frame = requestAnimationFrame(() => {
    if (isInWindow(element)) draw();
    else observer.observe(element);
  });
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
  };
}
