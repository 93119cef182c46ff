import { databaseForms } from './database-forms.ts';
import { execForms } from './exec-forms.ts';
import type { FaultForm } from './fault-form.ts';
import type { FaultKind } from './fault.ts';
import { platformForms } from './platform-forms.ts';
import { serviceForms } from './service-forms.ts';
import { wireForms } from './wire-forms.ts';

/** Every fault by its name in the language. */
export const faultForms: Readonly<Record<FaultKind, FaultForm>> = {
  ...serviceForms,
  ...platformForms,
  ...wireForms,
  ...databaseForms,
  ...execForms,
};

export const faultNames = Object.keys(faultForms) as readonly FaultKind[];
