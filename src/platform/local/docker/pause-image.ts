import { Readable } from 'node:stream';
import { EnvironmentError } from '../../../base/errors.ts';
import type { Docker } from '../../../docker/connect-docker.ts';
import { pauseProgram, tarOf } from './pause-program.ts';

const repository = 'poolproof/pause';

/** What the container that holds an instance's network runs. */
export const pauseCommand = '/pause';

/**
 * The image of the program that does nothing, built from its few bytes unless it is there already. Like a pulled
 * image, it stays when everything else is removed.
 */
export async function pauseImage({ api, architecture }: Docker): Promise<string> {
  const image = `${repository}:1-${architecture}`;
  const isThere = await api
    .getImage(image)
    .inspect()
    .then(() => true)
    .catch(() => false);
  if (isThere) return image;
  const program = pauseProgram(architecture);
  if (program === null)
    throw new EnvironmentError([
      { message: `containers are not supported on Docker for ${architecture}, only x86_64 and aarch64` },
    ]);
  const archive = Readable.from([tarOf(pauseCommand.slice(1), program)]);
  const progress = await api.importImage(archive, { repo: repository, tag: `1-${architecture}` });
  await new Promise<void>((resolve, reject) => {
    api.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
  });
  return image;
}
