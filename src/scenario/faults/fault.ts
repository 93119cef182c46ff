import type { PlatformFault } from './platform-fault.ts';
import type { ServiceFault } from './service-fault.ts';

/** What is done, with its parameters. */
export type Fault = ServiceFault | PlatformFault;

export type FaultKind = Fault['kind'];
export type FaultOf<K extends FaultKind> = Extract<Fault, { readonly kind: K }>;
