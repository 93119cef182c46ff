import { knobShape } from '../../knobs.ts';
import { findService, type AdminApi } from '../admin-api.ts';
import { invalidArgument } from '../api-error.ts';
import type { JsonObject } from '../../../json.ts';

/** The emulator's own: turns a knob of one service; answers what was done, in words. */
export async function turnKnob(api: AdminApi, service: string, body: JsonObject): Promise<JsonObject> {
  findService(api, service);
  const knob = knobShape.safeParse(body);
  if (!knob.success)
    throw invalidArgument(
      knob.error.issues.map(({ path, message }) => ({
        field: path.map(String).join('.') || 'knob',
        description: message,
      })),
    );
  return { done: await api.backend.turn(service, knob.data) };
}
