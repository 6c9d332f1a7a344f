// First: it decides how schemas check, before any is made.
import '#shared/rpc/zodWithoutEval.ts';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { TipProvider } from '../../../ui/Tip.tsx';
import '../../../ui/theme.css';
import '../../../ui/controls.css';
import '../../layout.css';
import '../../panels.css';
import './previews.css';
import { CONTROL_PREVIEWS } from './controlPreviews.tsx';
import { PANEL_PREVIEWS } from './panelPreviews.tsx';
import type { Preview } from './preview.ts';
import { SCREEN_PREVIEWS } from './screenPreviews.tsx';

const PREVIEWS = [...CONTROL_PREVIEWS, ...PANEL_PREVIEWS, ...SCREEN_PREVIEWS];

const nameInAddress = (): string => location.hash.slice(1);

/** A preview alone in its frame, which stands still: a rendering makes a workspace of its own. */
function Frame({ preview }: { readonly preview: Preview }) {
  const [content] = useState(() => preview.render());
  const { widthPixels: width, heightPixels: height } = preview;
  return (
    <div className="preview" style={{ width, height }} data-testid="preview" data-name={preview.name}>
      {content}
    </div>
  );
}

/** Links to all previews; the one that the address names after `#` is shown alone. */
function Previews() {
  const [name, setName] = useState(nameInAddress);
  useEffect(() => {
    const follow = (): void => setName(nameInAddress());
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  const shown = PREVIEWS.find((preview) => preview.name === name);
  if (shown) return <Frame key={name} preview={shown} />;
  return (
    <ul className="preview-list" data-testid="preview-list">
      {PREVIEWS.map((preview) => (
        <li key={preview.name}>
          <a href={`#${preview.name}`} data-width={preview.widthPixels} data-height={preview.heightPixels}>
            {preview.name}
          </a>
        </li>
      ))}
    </ul>
  );
}

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element with the id root.');
createRoot(root).render(
  <StrictMode>
    <TipProvider delayDuration={500}>
      <Previews />
    </TipProvider>
  </StrictMode>,
);
