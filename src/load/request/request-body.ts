import type { RequestBody } from '../../scenario/requests/request-spec.ts';
import {
  compileTemplate,
  joinParts,
  piecesOf,
  templateParts,
  type Part,
  type TemplateSetting,
} from '../../scenario/requests/template.ts';

/** The content type of each kind of body, unless the route sets its own. */
export const contentTypes: Readonly<Record<RequestBody['kind'], string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain;charset=UTF-8',
};

/** Compiles a body. Whatever its templates fill in, JSON stays valid JSON and a form a valid form. */
export function compileBody(body: RequestBody, setting: TemplateSetting): Part {
  if (body.kind === 'json') return joinParts(jsonParts(body.value, setting));
  if (body.kind === 'form') return joinParts(formParts(body.fields, setting));
  return compileTemplate(body.text, setting);
}

/** Each text draws from its own random stream, named after its place in the body. */
function at(setting: TemplateSetting, key: string | number): TemplateSetting {
  return { ...setting, stream: `${setting.stream}/${key}` };
}

function jsonParts(value: unknown, setting: TemplateSetting): readonly Part[] {
  if (typeof value === 'string') return textParts(value, setting);
  if (value === null || typeof value !== 'object') return [JSON.stringify(value)];
  if (Array.isArray(value)) {
    const items = value.flatMap((item, index) => [comma(index), ...jsonParts(item, at(setting, index))]);
    return ['[', ...items, ']'];
  }
  const fields = Object.entries(value).flatMap(([key, item], index) => [
    `${comma(index)}${JSON.stringify(key)}:`,
    ...jsonParts(item, at(setting, key)),
  ]);
  return ['{', ...fields, '}'];
}

/** A quoted string, unless all of it is a single `as number` template. */
function textParts(text: string, setting: TemplateSetting): readonly Part[] {
  const [piece, ...more] = piecesOf(text);
  const isNumber = more.length === 0 && typeof piece === 'object' && piece.asNumber;
  if (isNumber) return templateParts(text, setting);
  const inside = templateParts(text, setting, jsonEncoded).map((part) =>
    typeof part === 'string' ? jsonEncoded(part) : part,
  );
  return ['"', ...inside, '"'];
}

function formParts(fields: Readonly<Record<string, string>>, setting: TemplateSetting): readonly Part[] {
  return Object.entries(fields).flatMap(([name, text], index) => {
    const value = templateParts(text, at(setting, name), formEncoded).map((part) =>
      typeof part === 'string' ? formEncoded(part) : part,
    );
    return [`${index === 0 ? '' : '&'}${formEncoded(name)}=`, ...value];
  });
}

function comma(index: number): string {
  return index === 0 ? '' : ',';
}

function jsonEncoded(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As browsers do it: a space becomes a plus. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
