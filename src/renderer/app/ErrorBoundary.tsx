import { Component, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
  /** Saves what is not saved yet; the stores outlive the broken screen. */
  readonly onBroken: () => void;
}

interface ErrorBoundaryState {
  readonly message: string | null;
}

/** Where a screen throws, no work is lost: the stores outlive it and save, and the person can show the screen again. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { message: null };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override componentDidCatch(): void {
    this.props.onBroken();
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <main className="broken" data-testid="broken-screen">
        <h1>This screen stopped working.</h1>
        <p>Your work is kept and has been saved. Show the screen again to go on.</p>
        <p className="quiet selectable">{this.state.message}</p>
        <Button variant="primary" onClick={() => this.setState({ message: null })}>
          Show again
        </Button>
      </main>
    );
  }
}
