import { Slider } from 'radix-ui';

interface SliderFieldProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  /** The value in words, with its unit. */
  readonly shown: string;
  readonly onChange: (value: number) => void;
  /** The thumb was released, or moved by a key. */
  readonly onCommit?: (value: number) => void;
  readonly isDisabled?: boolean;
  readonly testId: string;
}

export function SliderField(props: SliderFieldProps) {
  const { label, value, least, most, step, shown, onChange, onCommit, isDisabled = false, testId } = props;
  return (
    <div className="field">
      <span>{label}</span>
      <output className="quiet">{shown}</output>
      <Slider.Root
        className="slider"
        value={[value]}
        min={least}
        max={most}
        step={step}
        disabled={isDisabled}
        onValueChange={([next]) => next !== undefined && onChange(next)}
        onValueCommit={([next]) => next !== undefined && onCommit?.(next)}
        data-testid={testId}
      >
        <Slider.Track className="slider-track">
          <Slider.Range className="slider-range" />
        </Slider.Track>
        <Slider.Thumb className="slider-thumb" aria-label={label} aria-valuetext={shown} />
      </Slider.Root>
    </div>
  );
}
