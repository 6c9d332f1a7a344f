import { type DragEvent, type ReactNode, useState } from 'react';
import { failureOf } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { droppedFiles } from '../features/studies/index.ts';
import type { Workspace } from './workspace/workspace.ts';

interface DropTargetProps {
  readonly workspace: Workspace;
  readonly children: ReactNode;
}

/** Files can be dropped anywhere in the window. */
export function DropTarget({ workspace, children }: DropTargetProps) {
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    // Dragged text or links are ignored; an empty folder is reported.
    if (!event.dataTransfer.types.includes('Files')) return;
    workspace
      .openListed(droppedFiles(event.dataTransfer))
      .catch((thrown) =>
        workspace.alerts.error(failure('page.drop-unreadable', { reason: failureOf(thrown) })),
      );
  };
  return (
    // The drop is one of several ways; the buttons are those of the keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      className="app"
      data-drop={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) setIsOver(false);
      }}
      onDrop={drop}
    >
      {children}
    </div>
  );
}
