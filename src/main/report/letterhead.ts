import { decode } from 'fast-png';
import { type Letterhead as Kept, logoProblem, logoType } from '#shared/contract/letterhead.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { escapeXml } from '../interchange/xmlText.ts';

/** A letterhead as documents set it. */
export interface Letterhead {
  /** '' for none. */
  readonly name: string;
  /** A data address; null for none. */
  readonly logo: string | null;
}

/** What stands for the hospital's logo in sentences where its file is not known. */
const LOGO = 'logo';

/** The logo as a data address; null where there is none. @throws UserError where it is no picture that can be one */
export function logoAddress({ logoBase64 }: Pick<Kept, 'logoBase64'>): string | null {
  if (logoBase64 === null) return null;
  const bytes = new Uint8Array(Buffer.from(logoBase64, 'base64'));
  const problem = logoProblem(bytes, LOGO);
  if (problem) throw new UserError(problem);
  const type = logoType(bytes);
  if (type === 'image/png') {
    try {
      decode(bytes);
    } catch {
      throw new UserError(failure('report.logo-damaged', { fileName: LOGO }));
    }
  }
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

/** The hospital's logo and name; '' where there is neither. */
export const letterheadHtml = ({ name, logo }: Letterhead): string =>
  name === '' && logo === null
    ? ''
    : `<div class="letterhead">${logo === null ? '' : `<img src="${logo}" alt="">`}<span>${escapeXml(name)}</span></div>`;

export const LETTERHEAD_STYLE = `
.letterhead { display: flex; align-items: center; gap: 12pt; margin-bottom: 8pt; font-size: 11pt; font-weight: 600; }
.letterhead img { flex: none; height: 26pt; max-width: 110pt; object-fit: contain; object-position: left; }
.letterhead span { min-width: 0; overflow-wrap: anywhere; }
`;
