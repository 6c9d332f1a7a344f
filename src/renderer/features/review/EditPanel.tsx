import { Brush, Eraser, FileInput, PaintBucket, Scissors, Sparkles, Unlink, Waves } from 'lucide-react';
import { type ChangeEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Label } from '#shared/dicom/labelImage.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { Tip } from '../../ui/Tip.tsx';
import type { Tool } from '../../viewer/types.ts';
import type { LabelOperation } from './labelStrokes.ts';
import { segmentsToChoose } from './openedSegmentation.ts';
import type { Review } from './reviewStore.ts';

type EditingTool = Extract<Tool, 'brush' | 'eraser' | 'scissors'>;

const TOOLS: readonly {
  readonly tool: EditingTool;
  readonly label: string;
  readonly keys: string;
  readonly icon: ReactNode;
}[] = [
  { tool: 'brush', label: 'Brush', keys: 'B', icon: <Brush size={16} /> },
  { tool: 'eraser', label: 'Eraser', keys: 'E', icon: <Eraser size={16} /> },
  { tool: 'scissors', label: 'Scissors', keys: 'X', icon: <Scissors size={16} /> },
];

const OPERATIONS: readonly {
  readonly operation: LabelOperation;
  readonly label: string;
  readonly tip: string;
  readonly icon: ReactNode;
}[] = [
  {
    operation: 'smooth',
    label: 'Smooth',
    tip: 'Smooth the segmentation; details below 1.5 mm are lost',
    icon: <Waves size={16} />,
  },
  {
    operation: 'keepLargest',
    label: 'Keep largest component',
    tip: 'Remove disconnected fragments',
    icon: <Unlink size={16} />,
  },
  {
    operation: 'fillHoles',
    label: 'Fill holes',
    tip: 'Fill internal cavities',
    icon: <PaintBucket size={16} />,
  },
];

/** Above myocardium, below a filled appendage. */
const USUAL_LEAST_HU = 180;

const HINTS: Readonly<Record<EditingTool, string>> = {
  brush: 'Paint on any plane to add.',
  eraser: 'Paint on any plane to remove.',
  scissors: 'Draw a closed outline; everything within it is removed through the full depth.',
};

const MOVE_PLANE =
  'Drag the middle of the ostial line to move the plane, its ends to tilt it; the measurements follow. Where nothing is segmented, paint first.';

function planeInWords(hint: Failure | null, hasPlane: boolean): string {
  if (hint) return words().sentence(hint);
  return hasPlane ? MOVE_PLANE : 'No ostium found on this surface.';
}

/** A segmentation of several segments, none of which is plainly the appendage. */
interface SegmentChoice {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly segments: readonly Label[];
}

interface SegmentChooserProps {
  readonly choice: SegmentChoice;
  /** Null: none of them. */
  readonly onChoose: (segment: number | null) => void;
}

function SegmentChooser({ choice: { name, segments }, onChoose }: SegmentChooserProps) {
  const place = useRef<HTMLFieldSetElement>(null);
  // The question stands below the button, which may be the last thing in sight.
  useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <fieldset
      ref={place}
      className="button-column segment-choice"
      aria-label="Segment to open"
      data-testid="segment-choice"
    >
      <p className="quiet">
        {name} has {segments.length} segments. Which one is the appendage?
      </p>
      {segments.map(({ value, name: segmentName }) => (
        <Button key={value} onClick={() => onChoose(value)} data-testid={`segment-choice-${value}`}>
          {segmentName === '' ? `Segment ${value}` : `${value}: ${segmentName}`}
        </Button>
      ))}
      <Button onClick={() => onChoose(null)} data-testid="segment-choice-none">
        None of them
      </Button>
    </fieldset>
  );
}

interface EditPanelProps {
  readonly review: Review;
  readonly tool: Tool;
  readonly onTool: (tool: Tool) => void;
  readonly radiusMm: number;
  readonly radiusRange: { readonly least: number; readonly most: number; readonly step: number };
  readonly onRadius: (radiusMm: number) => void;
}

/** Editing the result by hand. */
export function EditPanel({ review, tool, onTool, radiusMm, radiusRange, onRadius }: EditPanelProps) {
  const { isBrush3d, brushLeastHu, plane, planeHint } = useStore(review.store);
  const chooser = useRef<HTMLInputElement>(null);
  const [choice, setChoice] = useState<SegmentChoice | null>(null);
  const open = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const [file] = target.files ?? [];
    // The same file can be chosen again.
    target.value = '';
    setChoice(null);
    if (file) void file.arrayBuffer().then((bytes) => openBytes(new Uint8Array(bytes), file.name));
  };
  const openBytes = (bytes: Uint8Array, name: string): void => {
    const segments = segmentsToChoose(bytes, name);
    if (segments) setChoice({ bytes, name, segments });
    else review.openSegmentation(bytes, name);
  };
  const current = TOOLS.find((choice) => choice.tool === tool)?.tool;
  return (
    <div data-testid="edit-panel">
      <section className="panel-section" aria-label="Manual edits">
        <h3>Manual edits</h3>
        <div className="button-row">
          {TOOLS.map(({ tool: choice, label, keys, icon }) => (
            <Tip key={choice} label={label} keys={keys}>
              <Button
                aria-pressed={tool === choice}
                onClick={() => onTool(tool === choice ? 'crosshair' : choice)}
                data-testid={`tool-${choice}`}
              >
                {icon} {label}
              </Button>
            </Tip>
          ))}
        </div>
        <p className="quiet edit-hint">
          {current ? HINTS[current] : 'Choose a tool, then draw on any plane with the left mouse button.'}
        </p>
        <SliderField
          label="Brush radius"
          value={radiusMm}
          {...radiusRange}
          shown={`${radiusMm.toFixed(1)} mm`}
          onChange={onRadius}
          testId="brush-radius"
        />
        <SwitchField
          label="3D brush"
          isOn={isBrush3d}
          onChange={(on) => review.show({ isBrush3d: on })}
          testId="brush-3d"
        />
        <SwitchField
          label="Restrict to contrast"
          isOn={brushLeastHu !== null}
          onChange={(on) => review.show({ brushLeastHu: on ? USUAL_LEAST_HU : null })}
          testId="brush-limit"
        />
        <SliderField
          label="Minimum HU"
          value={brushLeastHu ?? USUAL_LEAST_HU}
          least={0}
          most={500}
          step={10}
          shown={`${brushLeastHu ?? USUAL_LEAST_HU} HU`}
          isDisabled={brushLeastHu === null}
          onChange={(leastHu) => review.show({ brushLeastHu: leastHu })}
          testId="brush-least-hu"
        />
      </section>
      <section className="panel-section" aria-label="Whole segmentation">
        <h3>Whole segmentation</h3>
        <div className="button-column">
          {OPERATIONS.map(({ operation, label, tip, icon }) => (
            <Tip key={operation} label={tip}>
              <Button onClick={() => review.operate(operation)} data-testid={`operate-${operation}`}>
                {icon} {label}
              </Button>
            </Tip>
          ))}
          <Tip label="Replace it by a DICOM Segmentation of this scan">
            <Button onClick={() => chooser.current?.click()} data-testid="open-segmentation">
              <FileInput size={16} /> Open segmentation…
            </Button>
          </Tip>
          <input
            ref={chooser}
            type="file"
            hidden
            onChange={open}
            data-testid="segmentation-input"
            aria-label="DICOM Segmentation of this scan"
          />
          {choice ? (
            <SegmentChooser
              choice={choice}
              onChoose={(segment) => {
                setChoice(null);
                if (segment !== null) review.openSegmentation(choice.bytes, choice.name, segment);
              }}
            />
          ) : null}
        </div>
      </section>
      <section className="panel-section" aria-label="Ostium">
        <h3>Ostium</h3>
        <p className="quiet" data-testid="ostium-hint">
          <Sparkles size={13} /> {planeInWords(planeHint, plane !== null)}
        </p>
      </section>
    </div>
  );
}
