import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda, type Appointment } from '../../src/load/lane/timer-heap.ts';

describe('an agenda', () => {
  it('does what is due in the order of time, once, and nothing that was called off', () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        times,
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 0, max: 60 }),
        (at, coins, nowUs) => {
          const agenda = new Agenda();
          const done: number[] = [];
          const made = at.map((us) => agenda.add(us, () => done.push(us)));
          const calledOff = made.filter(() => coins.next().value);
          for (const appointment of calledOff) agenda.callOff(appointment);
          const left = made.filter((one) => !calledOff.includes(one)).map(({ atUs }) => atUs);
          agenda.actUntil(nowUs);
          expect(done).toEqual(left.filter((us) => us <= nowUs).sort((a, b) => a - b));
          expect(agenda.size).toBe(left.length - done.length);
          expect(agenda.nextUs).toBe(Math.min(Infinity, ...left.filter((us) => us > nowUs)));
        },
      ),
    );
  });

  it('does what is added on the way when it is due by then, and leaves what is later', () => {
    const agenda = new Agenda();
    const done: string[] = [];
    agenda.add(10, () => {
      done.push('first');
      agenda.add(15, () => done.push('soon'));
      agenda.add(25, () => done.push('late'));
    });
    agenda.actUntil(20);
    expect(done).toEqual(['first', 'soon']);
    expect(agenda.nextUs).toBe(25);
  });

  it('takes calling off twice, or what is over, for nothing', () => {
    const agenda = new Agenda();
    const kept: Appointment[] = [];
    const over = agenda.add(1, () => undefined);
    for (const us of [5, 3, 4]) kept.push(agenda.add(us, () => undefined));
    agenda.actUntil(2);
    agenda.callOff(over);
    agenda.callOff(kept[1]!);
    agenda.callOff(kept[1]!);
    expect(agenda.size).toBe(2);
    expect(agenda.nextUs).toBe(4);
    agenda.clear();
    agenda.callOff(kept[0]!);
    expect(agenda.size).toBe(0);
  });
});
