import type { Think } from '../scenario/traffic/traffic.ts';

/**
 * The pause of a closed client between an answer and its next request, in milliseconds, rounded to a microsecond so that
 * it is the same on every machine. The draws are uniform in [0, 1).
 *
 * Each law has the mean m that was asked for:
 *
 *     exponential   m E                         with E = -ln(1 - u) of mean 1
 *     lognormal     m e^(s Z - s^2 / 2)         as E[e^(s Z)] = e^(s^2 / 2) for a normal Z
 *     pareto        m (a - 1) / a (1 - u)^(-1/a)   as the mean is a / (a - 1) times the least value
 */
export function thinkTimeMs(think: Think, draw1: number, draw2: number): number {
  return Math.round(1000 * think.meanMs * shareOfMean(think, draw1, draw2)) / 1000;
}

function shareOfMean(think: Think, draw1: number, draw2: number): number {
  const e = -Math.log(1 - draw1);
  switch (think.law) {
    case 'constant':
      return 1;
    case 'exponential':
      return e;
    case 'lognormal': {
      const { sigma } = think;
      // Box and Muller: a radius of sqrt(2 E) in a uniform direction.
      const normal = Math.sqrt(2 * e) * Math.cos(2 * Math.PI * draw2);
      return Math.exp(sigma * normal - (sigma * sigma) / 2);
    }
    case 'pareto':
      return ((think.alpha - 1) / think.alpha) * Math.exp(e / think.alpha);
  }
}
