import { Switch } from 'radix-ui';
import { useId } from 'react';

interface SwitchFieldProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
  readonly testId: string;
}

export function SwitchField({ label, isOn, onChange, isDisabled = false, testId }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="switch-row">
      <label htmlFor={id}>{label}</label>
      <Switch.Root
        id={id}
        className="switch"
        checked={isOn}
        disabled={isDisabled}
        onCheckedChange={onChange}
        data-testid={testId}
      >
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
    </div>
  );
}
