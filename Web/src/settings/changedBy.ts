import type { TFunction } from 'i18next';
import { errorCode, ProblemError } from '../api/problem';
import { errorText } from '../shared/errorText';

/** Somebody else has changed meanwhile what this form changes; what was entered stays, and may be put in its place. */
export function isChanged(error: unknown): boolean {
  return errorCode(error) === 'person_changed' || errorCode(error) === 'team_changed';
}

/** Why saving did not work; who was quicker is named. */
export function saveProblem(t: TFunction, error: unknown): string {
  if (!isChanged(error)) return errorText(t, error);
  const name = error instanceof ProblemError ? error.problem.changedBy : null;
  return t(name ? 'settings.changedBy' : 'settings.changedMeanwhile', { name });
}
