import Brush from 'lucide-react/icons/brush';
import Eraser from 'lucide-react/icons/eraser';
import FileInput from 'lucide-react/icons/file-input';
import PaintBucket from 'lucide-react/icons/paint-bucket';
import Scissors from 'lucide-react/icons/scissors';
import Sparkles from 'lucide-react/icons/sparkles';
import Unlink from 'lucide-react/icons/unlink';
import Waves from 'lucide-react/icons/waves';
import { type ChangeEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Label } from '#shared/dicom/labelImage.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { Tip } from '../../ui/Tip.tsx';
import type { Tool } from '../../viewer/types.ts';
import { words } from '../../words/index.ts';
import type { LabelOperation } from './labelStrokes.ts';
import { segmentsToChoose } from './openedSegmentation.ts';
import type { Review } from './reviewStore.ts';

type EditingTool = Extract<Tool, 'brush' | 'eraser' | 'scissors'>;

const TOOLS: readonly {
  readonly tool: EditingTool;
  readonly keys: string;
  readonly icon: ReactNode;
}[] = [
  { tool: 'brush', keys: 'B', icon: <Brush size={16} /> },
  { tool: 'eraser', keys: 'E', icon: <Eraser size={16} /> },
  { tool: 'scissors', keys: 'X', icon: <Scissors size={16} /> },
];

const OPERATIONS: readonly { readonly operation: LabelOperation; readonly icon: ReactNode }[] = [
  { operation: 'smooth', icon: <Waves size={16} /> },
  { operation: 'keepLargest', icon: <Unlink size={16} /> },
  { operation: 'fillHoles', icon: <PaintBucket size={16} /> },
];

/** Above myocardium, below a filled appendage. */
const USUAL_LEAST_HU = 180;

function planeInWords(hint: Failure | null, hasPlane: boolean): string {
  if (hint) return words().sentence(hint);
  return hasPlane ? words().editPanel.movePlane : words().editPanel.noOstium;
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
      aria-label={words().segmentChoice.title}
      data-testid="segment-choice"
    >
      <p className="quiet">{words().segmentChoice.which(name, segments.length)}</p>
      {segments.map(({ value, name: segmentName }) => (
        <Button key={value} onClick={() => onChoose(value)} data-testid={`segment-choice-${value}`}>
          {segmentName === '' ? words().segmentChoice.segment(value) : `${value}: ${segmentName}`}
        </Button>
      ))}
      <Button onClick={() => onChoose(null)} data-testid="segment-choice-none">
        {words().segmentChoice.none}
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
      <section className="panel-section" aria-label={words().editPanel.manual}>
        <h3>{words().editPanel.manual}</h3>
        <div className="button-row">
          {TOOLS.map(({ tool: choice, keys, icon }) => (
            <Tip key={choice} label={words().editPanel[choice]} keys={keys}>
              <Button
                aria-pressed={tool === choice}
                onClick={() => onTool(tool === choice ? 'crosshair' : choice)}
                data-testid={`tool-${choice}`}
              >
                {icon} {words().editPanel[choice]}
              </Button>
            </Tip>
          ))}
        </div>
        <p className="quiet edit-hint">{current ? words().editHints[current] : words().editPanel.choose}</p>
        <SliderField
          label={words().editPanel.radius}
          value={radiusMm}
          {...radiusRange}
          shown={`${words().decimals(radiusMm, 1)} mm`}
          onChange={onRadius}
          testId="brush-radius"
        />
        <SwitchField
          label={words().editPanel.brush3d}
          isOn={isBrush3d}
          onChange={(on) => review.show({ isBrush3d: on })}
          testId="brush-3d"
        />
        <SwitchField
          label={words().editPanel.restrict}
          isOn={brushLeastHu !== null}
          onChange={(on) => review.show({ brushLeastHu: on ? USUAL_LEAST_HU : null })}
          testId="brush-limit"
        />
        <SliderField
          label={words().editPanel.leastHu}
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
      <section className="panel-section" aria-label={words().editPanel.whole}>
        <h3>{words().editPanel.whole}</h3>
        <div className="button-column">
          {OPERATIONS.map(({ operation, icon }) => (
            <Tip key={operation} label={words().editTips[operation]}>
              <Button onClick={() => review.operate(operation)} data-testid={`operate-${operation}`}>
                {icon} {words().editPanel[operation]}
              </Button>
            </Tip>
          ))}
          <Tip label={words().editPanel.openTip}>
            <Button onClick={() => chooser.current?.click()} data-testid="open-segmentation">
              <FileInput size={16} /> {words().editPanel.open}
            </Button>
          </Tip>
          <input
            ref={chooser}
            type="file"
            hidden
            onChange={open}
            data-testid="segmentation-input"
            aria-label={words().editPanel.input}
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
      <section className="panel-section" aria-label={words().common.ostium}>
        <h3>{words().common.ostium}</h3>
        <p className="quiet" data-testid="ostium-hint">
          <Sparkles size={13} /> {planeInWords(planeHint, plane !== null)}
        </p>
      </section>
    </div>
  );
}
