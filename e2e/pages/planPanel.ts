import type { Page } from 'playwright-core';

/** The tab in which an occluder is planned. */
export function planPanel(page: Page) {
  const plot = page.getByTestId('profile-plot');
  return {
    plot,
    /** Opens it and waits until the sizes along the centre line are there. */
    async open() {
      await page.getByTestId('tab-plan').click();
      await plot.waitFor();
    },
    /** Presses in the plot at a share of its width. */
    async press(share: number) {
      // The panel may be scrolled: a press elsewhere would hit what lies there.
      await plot.scrollIntoViewIfNeeded();
      const box = await plot.boundingBox();
      if (!box) throw new Error('The plot is not shown.');
      await page.mouse.click(box.x + share * box.width, box.y + box.height / 2);
    },
    /** Where the section is, mm from the ostium. */
    sectionMm: async (): Promise<number> => Number(await plot.getAttribute('aria-valuenow')),
    landingZoneText: () =>
      page.locator('.field', { has: page.getByTestId('landing-zone-depth') }).innerText(),
    /** A size of the section or of the landing zone, as it is shown. */
    size: (of: 'section' | 'landing', name: string) =>
      page.getByTestId(`${of}-${name}`).locator('.number-value').innerText(),
    /** Chooses a size of the virtual device by its table's name and label. */
    placeDevice: (name: string, size: string) =>
      page.getByTestId('device-choice').selectOption({ value: `${name}\n${size}` }),
    /** A number of the virtual device, as it is shown. */
    deviceNumber: (key: string) => page.getByTestId(`device-${key}`).locator('dd').innerText(),
    device: (name: string) => page.getByTestId(`device-${name}`),
    /** The sizes of a device that are shown to fit. */
    fitting: (name: string) =>
      page.getByTestId(`device-${name}`).getByTestId('device-candidate').locator('strong').allInnerTexts(),
  };
}
