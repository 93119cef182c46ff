/**
 * The crosshair: one moment on all charts at once, with every value at it. The page is complete without it.
 * Pointer, touch, arrow keys and the links on first violations move it. Plain text, so that the policy can name its hash.
 */
export const script = `'use strict';
(() => {
  const block = document.getElementById('numbers');
  const stack = document.getElementById('timeline');
  if (!block || !stack) return;
  const data = JSON.parse(block.textContent);
  const plots = [...stack.querySelectorAll('svg.plot')];
  const clock = stack.querySelector('.cross-time');
  const cells = data.charts.map((chart) => [...document.querySelectorAll('#chart-' + chart.id + ' .legend .value')]);
  const trim = (value, digits) => String(Number(value.toFixed(digits)));
  const words = (value, unit) => {
    if (value == null) return '\\u2013';
    if (unit === 'ms') return value < 1000 ? trim(value, value < 10 ? 1 : 0) + ' ms' : trim(value / 1000, 2) + ' s';
    return trim(value, value < 10 ? 1 : 0) + (unit === 'per_sec' ? '/s' : '');
  };
  const time = (us) => {
    const tenths = Math.round(us / 1e5);
    const seconds = Math.floor(tenths / 10);
    return Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0') + '.' + (tenths % 10);
  };
  const label = (us) => {
    const phase = data.phases.find((one) => us >= one.from && us < one.to);
    return time(us) + (phase ? '  ' + phase.name + ' +' + trim((us - phase.from) / 1e6, 1) + ' s' : '');
  };
  let now = null;
  const show = (us) => {
    now = Math.min(Math.max(us, data.from), data.to);
    const share = (now - data.from) / (data.to - data.from);
    for (const line of stack.querySelectorAll('.cross')) {
      line.setAttribute('x1', share * 100 + '%');
      line.setAttribute('x2', share * 100 + '%');
    }
    clock.textContent = label(now);
    clock.setAttribute('x', share * 100 + '%');
    clock.setAttribute('dx', share > 0.5 ? '-6' : '6');
    clock.setAttribute('text-anchor', share > 0.5 ? 'end' : 'start');
    stack.classList.add('crossed');
    data.charts.forEach((chart, at) => {
      const index = Math.floor((now - chart.from) / chart.step);
      chart.series.forEach((series, row) => {
        cells[at][row].textContent = words(series.values[index], series.unit);
      });
    });
  };
  const hide = () => {
    now = null;
    stack.classList.remove('crossed');
    for (const cell of cells.flat()) cell.textContent = cell.dataset.rest;
  };
  for (const plot of plots) {
    plot.addEventListener('pointermove', (event) => {
      const box = plot.getBoundingClientRect();
      show(data.from + ((event.clientX - box.left) / box.width) * (data.to - data.from));
    });
    plot.addEventListener('pointerdown', (event) => {
      const box = plot.getBoundingClientRect();
      show(data.from + ((event.clientX - box.left) / box.width) * (data.to - data.from));
    });
  }
  stack.addEventListener('pointerleave', hide);
  stack.addEventListener('keydown', (event) => {
    if (event.target !== stack) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key === 'Escape') hide();
    if (!(event.key in steps)) return;
    event.preventDefault();
    const step = (data.to - data.from) / (event.shiftKey ? 20 : 200);
    show((now === null ? data.from : now) + steps[event.key] * step);
  });
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details:not(.numbers)')) details.open = true;
  });
  for (const link of document.querySelectorAll('a[data-t]'))
    link.addEventListener('click', () => show(Number(link.dataset.t)));
})();
`;
