import { removeLeft } from './remove-left.ts';

// Run when a run was killed: containers are no children of anyone's, and would live on.
const [label] = process.argv.slice(2);
if (label !== undefined) await removeLeft(label);
