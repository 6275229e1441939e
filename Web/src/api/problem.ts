/** Problem details (RFC 9457) of a refused request; `code` is stable, see docs/api.md. */
export interface ProblemDetails {
  status: number;
  code: string;
  title?: string;
  detail?: string;
  closedAt?: string;
  resetsAt?: string;
  limit?: number;
  maxBytes?: number;
  allowed?: string[];
  variable?: string;
  placeholder?: string | null;
  place?: string;
  field?: string;
  minLength?: number;
  retryAfter?: number;
  changedBy?: string | null;
}

export class ProblemError extends Error {
  readonly problem: ProblemDetails;
  /** Seconds the server asks us to wait, where it does. */
  readonly retryAfter: number | null;

  constructor(problem: ProblemDetails, retryAfter: number | null = null) {
    super(`${problem.status} ${problem.code}`);
    this.name = 'ProblemError';
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** Reads a refused answer; a proxy's page in place of problem details becomes a code of ours. */
export function problemFrom(status: number, body: unknown, retryAfterHeader: string | null): ProblemError {
  const known = typeof body === 'object' && body !== null && 'code' in body;
  const details = known ? (body as Omit<ProblemDetails, 'status'>) : { code: codeForStatus(status) };
  const seconds = Number(retryAfterHeader);
  const retryAfter = retryAfterHeader !== null && Number.isFinite(seconds) ? seconds : null;
  return new ProblemError({ ...details, status }, retryAfter);
}

function codeForStatus(status: number): string {
  if (status === 401) return 'not_signed_in';
  if (status === 404) return 'not_found';
  if (status === 413) return 'media_too_large';
  if (status === 429) return 'too_many_attempts';
  return status >= 500 ? 'unavailable' : 'bad_request';
}

/** The code of whatever was thrown: `offline` where no answer came at all. */
export function errorCode(error: unknown): string {
  return error instanceof ProblemError ? error.code : 'offline';
}

/** True where nothing was decided and the same request, under the same key, may be sent again. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return true;
  const { status } = error.problem;
  return status >= 500 || status === 408 || status === 425 || status === 429;
}
