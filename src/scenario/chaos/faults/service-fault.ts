/** What is done to a service by the platform's own means. */
export type ServiceFault =
  | {
      /** A new revision from the newest template, with these variables set or changed; all traffic goes to it. */
      readonly kind: 'revision.deploy';
      readonly env: Readonly<Record<string, string>>;
      readonly maxInstances?: number;
      readonly minInstances?: number;
      readonly concurrency?: number;
    }
  | {
      /** Percent by revision: `latest`, `previous`, or a revision's name. */
      readonly kind: 'revision.traffic';
      readonly percent: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'service.scale'; readonly minInstances?: number; readonly maxInstances?: number };
