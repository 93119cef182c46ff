import type { FaultForm } from './fault-form.ts';
import type { FaultKind } from './fault.ts';
import { platformForms } from './platform-forms.ts';
import { serviceForms } from './service-forms.ts';

/** Every fault by its name in the language. */
export const faultForms: Readonly<Record<FaultKind, FaultForm>> = { ...serviceForms, ...platformForms };

export const faultNames = Object.keys(faultForms) as readonly FaultKind[];
