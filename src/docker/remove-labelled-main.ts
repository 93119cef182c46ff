import { connectDocker } from './connect-docker.ts';
import { removeLabelled, type OwnerLabel } from './remove-labelled.ts';

// Run by the process guard when the owner was killed.
const [name, value] = process.argv.slice(2);
if (name !== undefined && value !== undefined)
  await removeLabelled(await connectDocker(), { name: name as OwnerLabel['name'], value });
