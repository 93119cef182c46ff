import { connectDocker } from './connect-docker.ts';
import { removeLeft } from './remove-left.ts';

// Run when an emulator was killed: containers are no children of anyone's, and would live on.
const [emulator] = process.argv.slice(2);
if (emulator !== undefined) {
  const { docker } = await connectDocker();
  await removeLeft(docker, emulator);
}
