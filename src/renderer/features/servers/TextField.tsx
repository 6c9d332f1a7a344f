import { useId } from 'react';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly isSecret?: boolean;
  readonly onChange: (value: string) => void;
  readonly testId: string;
}

/** A line of text with its label above. */
export function TextField({ label, value, hint, isSecret, onChange, testId }: TextFieldProps) {
  const id = useId();
  return (
    <label htmlFor={id}>
      {label}
      <input
        id={id}
        type={isSecret ? 'password' : 'text'}
        className="text-input"
        value={value}
        placeholder={hint}
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
        data-testid={testId}
      />
    </label>
  );
}
