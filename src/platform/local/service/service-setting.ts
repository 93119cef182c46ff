import type { RunClock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { RunEvent } from '../../../evidence/event.ts';
import type { EmulatorOrders, ServiceOrders } from '../emulator-orders.ts';
import type { InstanceWatch } from '../fleet/member.ts';
import type { InstanceEnd } from '../instance/instance-end.ts';
import type { InstanceOrders } from '../instance/instance-orders.ts';
import type { RunningInstance } from '../instance/running-instance.ts';
import type { Destination } from '../request/exchange.ts';
import type { Rules } from '../rules.ts';

/** What a service needs of the emulator it runs in. */
export interface ServiceSetting {
  readonly orders: ServiceOrders;
  readonly profile: EmulatorOrders['profile'];
  readonly slotAfterTimeout: EmulatorOrders['slotAfterTimeout'];
  readonly rules: Rules;
  readonly clock: RunClock;
  readonly random: Random;
  /** For streams of their own. */
  readonly seed: number;
  readonly wallMs: () => number;
  readonly makeUid: () => string;
  /** Ids are unique among all instances of the emulator. */
  readonly nextInstance: () => string;
  readonly launch: (orders: InstanceOrders, watch: InstanceWatch<InstanceEnd>) => RunningInstance;
  /** Where warming up goes in place of an instance. */
  readonly warm: Destination;
  readonly onEvent: (event: RunEvent) => void;
}
