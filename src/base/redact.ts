/** Replaces secret values with `[redacted]` wherever they occur, longer ones first, so that no part of one is left. */
export function redact<T>(value: T, secrets: readonly string[]): T {
  const ordered = [...secrets].filter((secret) => secret.length > 0).sort((a, b) => b.length - a.length);
  return ordered.length === 0 ? value : (redactAny(value, ordered) as T);
}

function redactAny(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string')
    return secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), value);
  if (Array.isArray(value)) return value.map((item) => redactAny(item, secrets));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [redactAny(key, secrets), redactAny(item, secrets)]),
    );
  }
  return value;
}
