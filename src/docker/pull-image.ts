import type { Docker } from './connect-docker.ts';
import { notPulled } from './docker-problem.ts';

/** Pulls an image unless it is on this machine, with the credentials Docker is set up with. Throws `EnvironmentError`. */
export async function pullImage({ testcontainers }: Docker, image: string): Promise<void> {
  const { ImageName } = await import('testcontainers');
  const name = ImageName.fromString(image);
  const isHere = await testcontainers.image
    .pull(name)
    // A pull that breaks off halfway does not reject.
    .then(() => testcontainers.image.exists(name))
    .catch((error: unknown) => {
      throw notPulled(error, image);
    });
  if (!isHere) throw notPulled(new Error('it was not pulled to its end'), image);
}
