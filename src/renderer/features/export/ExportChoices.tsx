import type { KeptIdentity } from '#shared/contract/services/exporting.ts';
import { type Choice, DATE_CHOICES, KEPT_CHOICES, withChoice } from './exportOptions.ts';

interface ChoicesProps<T extends string> {
  readonly title: string;
  readonly choices: readonly Choice<T>[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: T[]) => void;
  readonly columns: 1 | 2 | 4;
}

/** Boxes to tick under a heading. */
export function Choices<T extends string>({ title, choices, chosen, onChange, columns }: ChoicesProps<T>) {
  return (
    <fieldset className="choices" data-columns={columns}>
      <legend>{title}</legend>
      {choices.map(({ value, label, hint }) => (
        <label key={value} className="check">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) => onChange(withChoice(chosen, value, target.checked))}
            data-testid={`export-${value}`}
          />
          <span>
            {label} <span className="quiet">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface KeptIdentityChoicesProps {
  readonly kept: KeptIdentity;
  readonly onChange: (kept: KeptIdentity) => void;
}

/** What the DICOM files of an anonymised export keep. */
export function KeptIdentityChoices({ kept, onChange }: KeptIdentityChoicesProps) {
  return (
    <>
      <Choices
        title="Retained in the DICOM files"
        choices={KEPT_CHOICES}
        chosen={KEPT_CHOICES.map(({ value }) => value).filter((value) => kept[value])}
        onChange={(chosen) =>
          onChange({
            ...kept,
            ...Object.fromEntries(KEPT_CHOICES.map(({ value }) => [value, chosen.includes(value)])),
          })
        }
        columns={2}
      />
      <label className="switch-row">
        Dates
        <select
          className="select"
          value={kept.dates}
          onChange={({ target }) => {
            const chosen = DATE_CHOICES.find(({ value }) => value === target.value);
            if (chosen) onChange({ ...kept, dates: chosen.value });
          }}
          data-testid="export-dates"
        >
          {DATE_CHOICES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
