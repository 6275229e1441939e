import type { TFunction } from 'i18next';
import { ProblemError } from '../api/problem';
import { duration, fileSize, number, shortDate } from './dates';

/** What happened, what it means, what to do: one sentence for whatever was thrown. */
export function errorText(t: TFunction, error: unknown): string {
  if (!(error instanceof ProblemError)) return t('errors.offline');
  const { code, detail, limit, resetsAt, maxBytes, variable, placeholder, place, minLength } = error.problem;
  const wait = error.problem.retryAfter ?? error.retryAfter;
  if (code === 'too_many_attempts' && wait) {
    return t('errors.too_many_attempts_for', {
      wait: duration(wait >= 60 ? Math.ceil(wait / 60) * 60 : wait),
    });
  }
  return t([`errors.${code}`, 'errors.unknown'], {
    code,
    detail: detail ?? '',
    variable,
    placeholder,
    place,
    minLength,
    limit: limit === undefined ? '' : number(limit),
    date: resetsAt === undefined ? '' : shortDate(resetsAt),
    size: fileSize(maxBytes ?? 5 * 1024 * 1024),
  });
}
