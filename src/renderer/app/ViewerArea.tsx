import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { words } from '../words/index.ts';
import type { Workspace } from './workspace/workspace.ts';

/** The panes. The viewer draws in an element whose content React does not touch. */
export function ViewerArea({ workspace }: { readonly workspace: Workspace }) {
  const element = useRef<HTMLDivElement>(null);
  const { scan } = useStore(workspace.scan);
  const { study } = useStore(workspace.studies.store);
  const isAllRefused = study?.series.every(({ refusal }) => refusal !== null) ?? false;
  useEffect(() => (element.current ? workspace.viewer.attach(element.current) : undefined), [workspace]);
  return (
    <div className="viewer-area" data-testid="viewer-area" data-extent={scan?.extent ?? 'none'}>
      <div ref={element} className="viewer-host" data-testid="viewer" />
      {scan ? null : (
        <p className="viewer-empty quiet" role="status">
          {isAllRefused ? words().viewerArea.noneShown : words().viewerArea.select}
        </p>
      )}
    </div>
  );
}
