import type { DatabaseFault } from './database-fault.ts';
import type { ExecFault } from './exec-fault.ts';
import type { PlatformFault } from './platform-fault.ts';
import type { ServiceFault } from './service-fault.ts';
import type { WireFault } from './wire-fault.ts';

/** What is done, with its parameters. */
export type Fault = ServiceFault | PlatformFault | WireFault | DatabaseFault | ExecFault;

export type FaultKind = Fault['kind'];
export type FaultOf<K extends FaultKind> = Extract<Fault, { readonly kind: K }>;
