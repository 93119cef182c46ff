/** What a container may use; null: nothing is said. */
export interface ContainerLimits {
  readonly cpus: number | null;
  readonly memoryBytes: number | null;
}

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** Reads limits as Kubernetes writes them: `cpu: 500m` or `2`, `memory: 512Mi`. What can't be read limits nothing. */
export function containerLimits(limits: Readonly<Record<string, string>> | undefined): ContainerLimits {
  return { cpus: cpusOf(limits?.['cpu']), memoryBytes: bytesOf(limits?.['memory']) };
}

function cpusOf(text: string | undefined): number | null {
  const [, number, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(text ?? '') ?? [];
  if (number === undefined) return null;
  return milli === 'm' ? Number(number) / 1000 : Number(number);
}

function bytesOf(text: string | undefined): number | null {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kMG]i?|Ki)?$/.exec(text ?? '') ?? [];
  const factor = unitBytes[unit];
  return number === undefined || factor === undefined ? null : Math.round(Number(number) * factor);
}
