interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1; at 0 the bar moves without saying how far the work is. */
  readonly fraction: number;
}

export function ProgressBar({ label, fraction }: ProgressBarProps) {
  const share = Math.min(Math.max(fraction, 0), 1);
  return (
    <div
      className="progress"
      data-begun={share > 0}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <div className="progress-bar" style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
