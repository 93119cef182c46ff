import { parentPort, workerData } from 'node:worker_threads';
import { makeRunClock } from '../../base/clock.ts';
import { pace } from './pacer.ts';
import { threadCpuUs } from '../machine/thread-cpu.ts';
import type { PacerMessage, PacerOrders } from '../lane/thread-message.ts';

const { shared, sharing, loadStartUs, originNs } = workerData as PacerOrders;
const startCpuUs = threadCpuUs();
pace(shared, sharing, loadStartUs, makeRunClock(originNs));
parentPort?.postMessage({ kind: 'paced', cpuUs: threadCpuUs() - startCpuUs } satisfies PacerMessage);
