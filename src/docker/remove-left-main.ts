import { connectDocker } from './connect-docker.ts';
import { removeLeft, type OwnerLabel } from './remove-left.ts';

// Run by the process guard when the owner was killed.
const [name, value] = process.argv.slice(2);
if (name !== undefined && value !== undefined)
  await removeLeft(await connectDocker(), { name: name as OwnerLabel['name'], value });
