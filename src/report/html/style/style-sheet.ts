import { chartStyle } from './chart-style.ts';
import { pageStyle } from './page-style.ts';
import { variables } from './palette.ts';

/** The whole style of the page. On paper it is always light. */
export const styleSheet = `:root{color-scheme:light dark;${variables('light')}}
@media (prefers-color-scheme:dark){:root{${variables('dark')}}}
@media print{:root{color-scheme:light;${variables('light')}}}
${pageStyle}${chartStyle}`;
