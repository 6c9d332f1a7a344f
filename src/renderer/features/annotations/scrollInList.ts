type Box = Pick<HTMLElement, 'getBoundingClientRect'>;

/**
 * How far a list has to scroll so that one of its items is seen whole, or its upper edge where it is higher than the
 * list; 0 where it is seen. Not scrollIntoView, which moves the panel round the list too. On wide screens the panel is
 * enlarged (app/layout.css): its boxes on the screen are larger than what it scrolls by.
 */
export function scrollInList(list: Box & Pick<HTMLElement, 'offsetHeight'>, item: Box): number {
  const [around, box] = [list.getBoundingClientRect(), item.getBoundingClientRect()];
  const scale = around.height / list.offsetHeight || 1;
  const [above, below] = [box.top - around.top, box.bottom - around.bottom];
  return (above < 0 ? above : Math.max(0, Math.min(below, above))) / scale;
}
