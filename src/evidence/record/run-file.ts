import { z } from 'zod';
import { EvidenceError, messageOf } from '../../base/errors.ts';
import { jsonSchemaOf } from '../../base/json-schema.ts';
import { mostUs } from '../bounded.ts';
import { sha256 } from '../manifest/manifest-line.ts';
import { runRecord, type RunRecord } from '../run-record.ts';

/*
 * `run.json` is written anew whenever more is known, so its checksum stands in it, as its last key: the two are always
 * of the same moment. It is the SHA-256 of the file as it would be without that key.
 */

/** The text of `run.json`. */
export function printRun(run: RunRecord): string {
  const content = z.encode(runRecord, run);
  return textOf({ ...content, sha256: sha256(textOf(content)) });
}

function textOf(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Reads that text; `path` is named in the errors. Throws `EvidenceError`: without it nothing can be said of a run. */
export function parseRun(text: string, path: string): RunRecord {
  const content = parse(text, path);
  const version = content.schema_version;
  if (version !== 1) throw otherVersion(version, path);
  const { sha256: given, ...rest } = content;
  if (given !== sha256(textOf(rest))) throw damaged(path, 'its checksum is not that of its content');
  const read = z.safeDecode(runRecord, rest as z.input<typeof runRecord>);
  const wrong = noTimeOfARun(rest, []);
  if (wrong !== null) throw notARun(path, `${wrong}: no time of a run`);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw notARun(path, issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`);
}

function notARun(path: string, why: string): EvidenceError {
  return new EvidenceError([{ message: `${path} does not hold what a run has (${why})` }]);
}

/** How the names of times end, and the most that a time of a run is in that unit. */
const limits: readonly (readonly [string, number])[] = [
  ['_us', mostUs],
  ['_ms', mostUs / 1000],
];

/** The way to a time, by its name, that no run can have; null where there is none. */
function noTimeOfARun(value: unknown, path: readonly string[]): string | null {
  if (typeof value === 'number') {
    const most = limits.find(([end]) => path.at(-1)?.endsWith(end))?.[1];
    const isWallTime = path.at(-1) === 'offset_us';
    return most === undefined || isWallTime || Math.abs(value) <= most ? null : path.join('.');
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const found = noTimeOfARun(item, [...path, key]);
    if (found !== null) return found;
  }
  return null;
}

function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' ? { ...content } : {};
  } catch (error) {
    throw damaged(path, messageOf(error));
  }
}

function damaged(path: string, why: string): EvidenceError {
  return new EvidenceError([{ message: `${path} is damaged: ${why}` }]);
}

function otherVersion(version: unknown, path: string): EvidenceError {
  const message = `${path} has schema_version ${JSON.stringify(version)}; this version of poolproof reads 1`;
  return new EvidenceError([{ message, hint: 'judge it with the version of poolproof that made it' }]);
}

/** The JSON Schema of `run.json`, as published in `scenarios/schema/run.v1.json`. */
export function runJsonSchema(): object {
  const inFile = runRecord.extend({
    sha256: z.string().meta({
      description: 'SHA-256 of this file as it would be without this key.',
      examples: ['904f69d502a91c314968b41ada14497b869cbc2d9f21107847b9aa3fe959a351'],
    }),
  });
  return {
    ...jsonSchemaOf(inFile),
    title: 'poolproof run',
    description: 'run.json of a recorded run: what was run, on what, with which promises, and how it ended.',
  };
}
