import Brush from 'lucide-react/icons/brush';
import Download from 'lucide-react/icons/download';
import Search from 'lucide-react/icons/search';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { ProgressBar } from '../../../ui/ProgressBar.tsx';
import { SliderField } from '../../../ui/SliderField.tsx';
import { SwitchField } from '../../../ui/SwitchField.tsx';
import { ignore, LONG_DESCRIPTION, type Preview } from './preview.ts';

const VARIANTS = ['plain', 'primary', 'good', 'bad', 'danger'] as const;

function Buttons({ isDisabled }: { readonly isDisabled: boolean }) {
  return (
    <section className="panel-section">
      <div className="button-row">
        <Button disabled={isDisabled}>
          <Search size={15} /> Usual
        </Button>
        {VARIANTS.map((variant) => (
          <Button key={variant} variant={variant} disabled={isDisabled}>
            {variant}
          </Button>
        ))}
      </div>
      <div className="button-row">
        <Button aria-pressed disabled={isDisabled}>
          <Brush size={16} /> Pressed
        </Button>
        <Button variant="good" aria-pressed disabled={isDisabled}>
          Accepted
        </Button>
        <IconButton label="An icon alone" icon={<Download size={17} />} disabled={isDisabled} />
      </div>
      <div className="button-row">
        <Button size="large" disabled={isDisabled}>
          Large
        </Button>
        <Button size="large" variant="primary" disabled={isDisabled}>
          Large and primary
        </Button>
      </div>
      <Button size="wide" disabled={isDisabled}>
        As wide as its panel
      </Button>
    </section>
  );
}

function Fields({ isDisabled }: { readonly isDisabled: boolean }) {
  return (
    <section className="panel-section">
      <SliderField
        label="Opacity"
        value={0.6}
        least={0}
        most={1}
        step={0.1}
        shown="60 %"
        isDisabled={isDisabled}
        onChange={ignore}
        testId="slider"
      />
      <SwitchField label="Switched on" isOn isDisabled={isDisabled} onChange={ignore} testId="on" />
      <SwitchField label="Switched off" isOn={false} isDisabled={isDisabled} onChange={ignore} testId="off" />
      {[0, 0.35, 1].map((fraction) => (
        <ProgressBar key={fraction} label={`Progress ${fraction}`} fraction={fraction} />
      ))}
    </section>
  );
}

const dialog = (name: string, title: string, words: string): Preview => ({
  name,
  widthPixels: 1024,
  heightPixels: 360,
  render: () => (
    <Dialog
      title={title}
      isOpen
      onClose={ignore}
      testId="preview-dialog"
      foot={
        <>
          <Button>Keep</Button>
          <Button variant="danger">Remove</Button>
        </>
      }
    >
      <p>{words}</p>
    </Dialog>
  ),
});

/** Buttons, fields and dialogs by themselves. */
export const CONTROL_PREVIEWS: readonly Preview[] = [
  { name: 'buttons', widthPixels: 560, heightPixels: 210, render: () => <Buttons isDisabled={false} /> },
  { name: 'buttons-disabled', widthPixels: 560, heightPixels: 210, render: () => <Buttons isDisabled /> },
  { name: 'fields', widthPixels: 304, heightPixels: 170, render: () => <Fields isDisabled={false} /> },
  { name: 'fields-disabled', widthPixels: 304, heightPixels: 170, render: () => <Fields isDisabled /> },
  dialog('dialog', 'Remove saved work?', 'Its surface, edits and review cannot be brought back.'),
  dialog('dialog-long', `Remove ${LONG_DESCRIPTION}?`, `${LONG_DESCRIPTION} `.repeat(12)),
];
