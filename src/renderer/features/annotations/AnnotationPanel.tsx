import Pencil from 'lucide-react/icons/pencil';
import Trash2 from 'lucide-react/icons/trash-2';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { annotationLines } from '#shared/annotations/annotationInWords.ts';
import type { Annotation } from '#shared/contract/annotations.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import type { Annotations } from './annotationStore.ts';
import './annotations.css';
import { words } from '../../words/index.ts';
import { KIND_ICONS } from './kindIcons.tsx';
import { scrollInList } from './scrollInList.ts';

interface AnnotationPanelProps {
  readonly annotations: Annotations;
  /** Shows its plane, with it in the middle. */
  readonly onJump: (annotation: Annotation) => void;
}

/** What is drawn in the planes: name and value, a jump to it, rename, delete. */
export function AnnotationPanel({ annotations, onJump }: AnnotationPanelProps) {
  const { list, selected, namingId } = useStore(annotations.store);
  const shown = useRef<HTMLUListElement>(null);
  const selectedItem = useRef<HTMLLIElement>(null);
  const selectedId = selected?.id;
  // What was just drawn is selected, as is what was pressed in a plane.
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolled when another is selected, and not again
  useEffect(() => {
    if (shown.current && selectedItem.current)
      shown.current.scrollTop += scrollInList(shown.current, selectedItem.current);
  }, [selectedId]);
  if (list.length === 0) return null;
  return (
    <section
      className="panel-section"
      aria-label={words().annotationPanel.title}
      data-testid="annotation-panel"
    >
      <div className="panel-line">
        <h2>{words().annotationPanel.title}</h2>
        <Button
          className="annotations-delete-all"
          onClick={annotations.removeAll}
          data-testid="annotations-delete-all"
        >
          {words().annotationPanel.deleteAll}
        </Button>
      </div>
      <ul className="annotation-list" ref={shown}>
        {list.map((annotation) => (
          <li
            key={annotation.id}
            ref={annotation.id === selectedId ? selectedItem : null}
            className="annotation"
            data-selected={selected?.id === annotation.id}
            data-testid="annotation"
          >
            {namingId === annotation.id ? (
              <NameField annotations={annotations} annotation={annotation} />
            ) : (
              <AnnotationRow annotations={annotations} annotation={annotation} onJump={onJump} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  readonly annotations: Annotations;
  readonly annotation: Annotation;
}

function AnnotationRow({ annotations, annotation, onJump }: RowProps & Pick<AnnotationPanelProps, 'onJump'>) {
  const { id, name, shape } = annotation;
  const Icon = KIND_ICONS[shape.kind];
  return (
    <>
      <button
        type="button"
        className="annotation-jump"
        title={words().annotationPanel.showPlane}
        onClick={() => {
          annotations.select({ id, handle: null });
          onJump(annotation);
        }}
        data-testid="annotation-jump"
      >
        <Icon size={15} aria-label={words().annotationKinds[shape.kind]} />
        <span className="annotation-name">{words().recorded(name)}</span>
        <span className="annotation-value" data-testid="annotation-value">
          {(shape.kind === 'text' ? [] : annotationLines(annotation, words())).map((line) => (
            <span key={line}>{line}</span>
          ))}
        </span>
      </button>
      <IconButton
        label={words().annotationPanel.rename(words().recorded(name))}
        icon={<Pencil size={14} />}
        onClick={() => annotations.askName(id)}
        data-testid="annotation-rename"
      />
      <IconButton
        label={words().annotationPanel.delete(words().recorded(name))}
        icon={<Trash2 size={14} />}
        onClick={() => annotations.remove(id)}
        data-testid="annotation-delete"
      />
    </>
  );
}

/** Enter and leaving the field keep the name, Esc keeps the earlier one. */
function NameField({ annotations, annotation: { id, name, shape } }: RowProps) {
  const shown = words().recorded(name);
  // A name that nobody changed stays as files hold it.
  const named = (value: string): void => annotations.rename(id, value === shown ? name : value);
  return (
    <input
      className="annotation-field"
      // It replaces the button that was pressed, or asks for the text that was just drawn.
      // biome-ignore lint/a11y/noAutofocus: see above
      autoFocus
      defaultValue={shown}
      maxLength={200}
      aria-label={
        shape.kind === 'text' ? words().annotationKinds.text : words().annotationPanel.nameOf(shown)
      }
      onFocus={({ currentTarget }) => currentTarget.select()}
      onBlur={({ currentTarget }) => named(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.stopPropagation();
        event.preventDefault();
        if (event.key === 'Enter') named(event.currentTarget.value);
        else annotations.askName(null);
      }}
      data-testid="annotation-field"
    />
  );
}
