import { expect, test } from 'vitest';
import type { LogEvent } from '../../src/evidence/event.ts';
import { logSessions } from '../../src/evidence/sessions/sessions.ts';
import { peakOf } from '../../src/evidence/sessions/steps.ts';

function session(pid: number, applicationName: string): readonly LogEvent[] {
  const line = (tUs: number, what: LogEvent['what']): LogEvent => ({
    t_us: tUs,
    kind: 'log',
    what,
    severity: 'LOG',
    sqlstate: null,
    pid,
    port: 50_000 + pid,
    role: 'app',
    database: 'app',
    application_name: applicationName,
    message: '',
  });
  return [line(pid, 'received'), line(pid + 10, 'authorized'), line(pid + 100, 'disconnected')];
}

test("sessions that the harness had to open as the service's own role are not the service's", () => {
  const events = [...session(1, 'api/1'), ...session(2, 'poolproof'), ...session(3, 'api/2')];
  events.sort((a, b) => a.t_us - b.t_us);
  expect(peakOf(logSessions(events, 'app'), 0, 1000)?.count).toBe(2);
});
