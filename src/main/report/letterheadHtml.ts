import { escapeXml } from '../interchange/xmlText.ts';
import type { Letterhead } from './letterheadPicture.ts';

/** The hospital's logo and name; '' where there is neither. */
export const letterheadHtml = ({ name, logo }: Letterhead): string =>
  name === '' && logo === null
    ? ''
    : `<div class="letterhead">${logo === null ? '' : `<img src="${logo}" alt="">`}<span>${escapeXml(name)}</span></div>`;

export const LETTERHEAD_STYLE = `
.letterhead { display: flex; align-items: center; gap: 12pt; margin-bottom: 8pt; font-size: 11pt; font-weight: 600; }
.letterhead img { max-width: 110pt; max-height: 26pt; }
`;
