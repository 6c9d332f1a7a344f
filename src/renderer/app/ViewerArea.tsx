import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Workspace } from './workspace/workspace.ts';

/** The panes; the viewer lives in an element that React leaves alone. */
export function ViewerArea({ workspace }: { readonly workspace: Workspace }) {
  const element = useRef<HTMLDivElement>(null);
  const { scan } = useStore(workspace.scan);
  useEffect(() => (element.current ? workspace.viewer.attach(element.current) : undefined), [workspace]);
  return (
    <div className="viewer-area" data-testid="viewer-area" data-extent={scan?.extent ?? 'none'}>
      <div ref={element} className="viewer-host" data-testid="viewer" />
      {scan ? null : (
        <p className="viewer-empty quiet" role="status">
          Choose a series to look at it.
        </p>
      )}
    </div>
  );
}
