// First: it decides how schemas check, before any is made.
import '#shared/rpc/zodWithoutEval.ts';
import { showApp } from './app/showApp.tsx';

void showApp();
