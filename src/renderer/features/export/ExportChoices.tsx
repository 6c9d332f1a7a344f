import type { KeptIdentity } from '#shared/contract/services/exporting.ts';
import { type Catalogue, words } from '../../words/index.ts';
import { DATE_CHOICES, KEPT_CHOICES, withChoice } from './exportOptions.ts';

/** What can be ticked, with what it is for, so that nobody has to know file formats. */
type ExportChoice = keyof Catalogue['exportChoices'];

interface ChoicesProps<T extends ExportChoice> {
  readonly title: string;
  readonly choices: readonly T[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: T[]) => void;
  readonly columns: 1 | 2 | 4;
}

/** Boxes to tick under a heading. */
export function Choices<T extends ExportChoice>({
  title,
  choices,
  chosen,
  onChange,
  columns,
}: ChoicesProps<T>) {
  return (
    <fieldset className="choices" data-columns={columns}>
      <legend>{title}</legend>
      {choices.map((value) => (
        <label key={value} className="check">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) => onChange(withChoice(chosen, value, target.checked))}
            data-testid={`export-${value}`}
          />
          <span>
            {words().exportChoices[value].label}{' '}
            <span className="quiet">{words().exportChoices[value].hint}</span>
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
        title={words().exporting.retained}
        choices={KEPT_CHOICES}
        chosen={KEPT_CHOICES.filter((value) => kept[value])}
        onChange={(chosen) =>
          onChange({
            ...kept,
            ...Object.fromEntries(KEPT_CHOICES.map((value) => [value, chosen.includes(value)])),
          })
        }
        columns={2}
      />
      <label className="switch-row">
        {words().exporting.dates}
        <select
          className="select"
          value={kept.dates}
          onChange={({ target }) => {
            const chosen = DATE_CHOICES.find((value) => value === target.value);
            if (chosen) onChange({ ...kept, dates: chosen });
          }}
          data-testid="export-dates"
        >
          {DATE_CHOICES.map((value) => (
            <option key={value} value={value}>
              {words().exportDates[value]}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
