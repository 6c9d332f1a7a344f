import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { Tip } from './Tip.tsx';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: 'primary' | 'plain' | 'good' | 'bad' | 'danger';
  readonly size?: 'large' | 'wide';
}

const classes = (...names: readonly (string | undefined | false)[]): string =>
  names.filter(Boolean).join(' ');

export function Button({ variant, size, className, ...rest }: ButtonProps) {
  return <button type="button" className={classes('button', variant, size, className)} {...rest} />;
}

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'title'> {
  /** The accessible name; shown as the tip, too. */
  readonly label: string;
  readonly keys?: string;
  readonly icon: ReactNode;
}

/** A square button whose name is shown in its tip and read by screen readers. */
export function IconButton({ label, keys, icon, className, ...rest }: IconButtonProps) {
  return (
    <Tip label={label} {...withoutUndefined({ keys })}>
      <Button aria-label={label} className={classes('icon', className)} {...rest}>
        {icon}
      </Button>
    </Tip>
  );
}
