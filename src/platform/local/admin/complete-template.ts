import { revisionSpecOf } from '../../../contract/cloud-run/revision-spec.ts';
import type { RevisionTemplate } from '../../../contract/cloud-run/service-resource.ts';

/** A template with the defaults that Cloud Run writes into it. */
export function completeTemplate(template: RevisionTemplate): RevisionTemplate {
  const { concurrency, timeoutMs } = revisionSpecOf(template);
  return { ...template, timeout: `${timeoutMs / 1000}s`, maxInstanceRequestConcurrency: concurrency };
}
