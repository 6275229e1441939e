/** Only a path of this console may be returned to after sign-in, never another site. */
export function safeReturnTo(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.startsWith('/') || /^\/[/\\]/.test(value)) return undefined;
  return value.startsWith('/sign-in') ? undefined : value;
}
